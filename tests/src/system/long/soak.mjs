// `npm run test:soak -- [--minutes 10] [--seed 7]`: runs soak.long.ts for so long.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 10);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
if (!(minutes > 0) || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run test:soak -- [--minutes <number above 0>] [--seed <whole number>]\n');
  process.exit(2);
}
const flags = ['--config', '../jest.preset.cjs', '--rootDir', '.'];
const { status } = spawnSync(
  'npx',
  ['jest', ...flags, '--testMatch', '<rootDir>/src/system/long/soak.long.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, SIGNALBOX_SOAK_MINUTES: String(minutes), SIGNALBOX_FAULT_SEED: String(seed) },
  },
);
process.exitCode = status ?? 1;
