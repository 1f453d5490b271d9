import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { report } from './report.js';
import { World } from './world.js';

/** `npm run simulate -- --seeds 10000 [--from 1]`: every failing seed is printed, and how to replay it. */
async function simulate(): Promise<void> {
  const { values } = parseArgs({
    options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
  });
  setMaxListeners(0); // one process holds what in production is several
  const from = Number(values.from);
  const count = Number(values.seeds);
  let failed = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await new World(seed).run();
    if (outcome.broken.length > 0) {
      failed += 1;
      process.stdout.write(`${report(outcome)}\n`);
    }
  }
  process.stdout.write(`${count - failed} of ${count} seeds kept every promise, from seed ${from}\n`);
  if (failed > 0) process.exitCode = 1;
}

void simulate();
