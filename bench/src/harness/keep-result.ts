import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from './paths.js';
import type { BenchResult } from './result.js';

/** Makes a result the one that `docs/benchmarks.md` shows after `npm run report -w @signalbox/bench`; names the file. */
export function keepResult(result: BenchResult, folder = join(repositoryDir, 'bench', 'results')): string {
  const path = join(folder, `${result.bench}.json`);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}
