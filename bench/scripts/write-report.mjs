// `node bench/scripts/write-report.mjs [result.json …]`: keeps the results given in `bench/results/` and writes the table
// of docs/benchmarks.md anew from all that are kept.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repositoryDir = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const resultsDir = join(repositoryDir, 'bench', 'results');
const pagePath = join(repositoryDir, 'docs', 'benchmarks.md');
const [begin, end] = ['<!-- results: begin -->', '<!-- results: end -->'];

for (const path of process.argv.slice(2)) {
  const result = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(join(resultsDir, `${result.bench}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

const results = readdirSync(resultsDir)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => JSON.parse(readFileSync(join(resultsDir, name), 'utf8')));

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function section(result) {
  const names = [...new Set(result.sides.flatMap(({ more }) => Object.keys(more)))];
  const sides = result.sides.map((side) => [
    side.role,
    side.name,
    side.perSecond,
    `${side.perSecondMin} to ${side.perSecondMax}`,
    side.cpuSecondsPer1000,
    ...names.map((name) => side.more[name] ?? ''),
  ]);
  const ratios = result.ratios.map(({ name, value, wanted, met }) => [
    name,
    value,
    wanted ?? '',
    met === undefined ? '' : met ? 'met' : '**not met**',
  ]);
  const size = Object.entries(result.size).map(([name, value]) => `${name} ${value}`);
  return [
    `### ${result.bench}`,
    '',
    `Measured ${result.measuredAt}, ${result.cores} cores, load average ${result.loadAverage}; ${size.join(', ')}.`,
    '',
    table(['side', '', 'per second (median)', 'range', 'CPU s per 1,000', ...names], sides),
    '',
    table(['ratio', 'seen', 'to reach', ''], ratios),
    '',
  ].join('\n');
}

const versions = Object.entries(results.at(-1)?.versions ?? {}).map(
  ([name, version]) => `${name} ${version}`,
);
const text = [begin, '', `Versions: ${versions.join(', ')}.`, '', ...results.map(section), end].join('\n');
const page = readFileSync(pagePath, 'utf8');
const [before] = page.split(begin);
const after = page.split(end)[1] ?? '\n';
writeFileSync(pagePath, `${before}${text}${after}`);
