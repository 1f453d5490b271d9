// Writes the generated parts of docs/benchmarks.md and its plots: npm run report -w @signalbox/bench
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchResult } from '../src/harness/result.js';
import { benchmarksPage, plotFiles } from '../src/report/benchmarks-page.js';

const root = join(__dirname, '../..');
const results = join(root, 'bench/results');
const kept = readdirSync(results)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')) as BenchResult);

const page = join(root, 'docs/benchmarks.md');
writeFileSync(page, benchmarksPage(readFileSync(page, 'utf8'), kept));
const plots = join(root, 'docs/benchmarks');
rmSync(plots, { recursive: true, force: true });
mkdirSync(plots);
for (const [file, svg] of plotFiles(kept)) writeFileSync(join(plots, file), svg);
