import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { report } from './report.js';
import { World } from './world.js';

const MINUTE_MS = 60_000;

/**
 * `npm run simulate -- --seeds 10000 [--from 1] [--minutes 60]`: every failing seed is printed, and how to replay it. Ends
 * early when the minutes are over, or on SIGTERM or Ctrl-C, and tells how many it ran.
 */
async function simulate(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '600' },
    },
  });
  setMaxListeners(0); // one process holds what in production is several
  const from = Number(values.from);
  const end = from + Number(values.seeds);
  const endMs = performance.now() + Number(values.minutes) * MINUTE_MS;
  let isStopped = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (isStopped = true));
  let failed = 0;
  let seed = from;
  for (; seed < end && performance.now() < endMs && !isStopped; seed += 1) {
    const outcome = await new World(seed).run();
    if (outcome.broken.length === 0) continue;
    failed += 1;
    process.stdout.write(`${report(outcome)}\n`);
  }
  const runs = seed - from;
  process.stdout.write(`${runs - failed} of ${runs} seeds kept every promise, from seed ${from}\n`);
  if (failed > 0 || runs === 0) process.exitCode = 1;
}

void simulate();
