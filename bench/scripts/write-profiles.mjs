// Where time goes, of the rows it is worth knowing for: npm run profiles -w @signalbox/bench. Runs each of them in its small
// size with CPU profiles and writes bench/profiles anew; the figures of such runs are not for comparison.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const benchDir = join(dirname(fileURLToPath(import.meta.url)), '..');
const rows = ['agent', 'gateway', 'connector', 'latency'];

rmSync(join(benchDir, 'profiles'), { recursive: true, force: true });
for (const row of rows) {
  const args = [join(benchDir, 'run.mjs'), row, '--quick', '--profile'];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
