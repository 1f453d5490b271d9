import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { System } from './system.js';

const aliveMsMin = 300;
const aliveMsMax = 2_500;

/** Kills an app `times` times, each time at a random moment after it began to serve, and leaves it running. */
export async function killAgain(
  system: System,
  name: string,
  times: number,
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; n < times && !signal.aborted; n += 1) {
    await system.app(name).ready();
    await wait(randomInt(aliveMsMin, aliveMsMax), undefined, { signal }).catch(() => undefined);
    await system.restart(name, 'SIGKILL');
  }
}
