import type { Outcome } from './world.js';

const LAST_STEPS = 40;

/** What a person needs to know of a run that broke a promise. */
export function report({ seed, steps, virtualMs, crashes, broken, history }: Outcome): string {
  return [
    `SEED ${seed} broke ${broken.length} promises after ${steps} steps (${virtualMs} ms, ${crashes} crashes).`,
    `Replay: SIM_SEED=${seed} npm test -w @signalbox/tests -- simulation`,
    ...broken.map((promise) => `  ${promise}`),
    'Last steps:',
    ...history.slice(-LAST_STEPS).map((line) => `  ${line}`),
  ].join('\n');
}
