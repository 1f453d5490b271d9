import type { BenchResult } from '../harness/result.js';
import { arithmetic, cluster } from './arithmetic.js';
import { plotSvg } from './plot-svg.js';
import { plotFile, resultSection } from './result-section.js';

/** Parts of the page between these comments are written from the results; the rest is written by people. */
const parts = {
  results: ['<!-- results: begin -->', '<!-- results: end -->'],
  arithmetic: ['<!-- arithmetic: begin -->', '<!-- arithmetic: end -->'],
} as const;

/** The page with its generated parts written anew from the results, which are in the order they shall have. */
export function benchmarksPage(page: string, results: readonly BenchResult[]): string {
  const newest = [...results].sort((a, b) => (a.measuredAt < b.measuredAt ? -1 : 1)).at(-1);
  const versions = Object.entries(newest?.versions ?? {}).map(([name, version]) => `${name} ${version}`);
  const measured = [`Versions: ${versions.join(', ')}.`, '', ...results.map(resultSection)].join('\n');
  const sum = [
    `A cluster of ${cluster.brokers} brokers with replication ${cluster.replication} and ${cluster.agentProcesses} agent processes, each on a core of its own like those measured:`,
    '',
    arithmetic(new Map(results.map((result) => [result.bench, result]))),
    '',
  ].join('\n');
  return replaced(replaced(page, parts.results, measured), parts.arithmetic, sum);
}

/** The plots of the results: SVG texts by their file names in `docs/benchmarks`. */
export function plotFiles(results: readonly BenchResult[]): ReadonlyMap<string, string> {
  return new Map(
    results.flatMap(({ bench, plots = [] }) =>
      plots.map((plot) => [plotFile(bench, plot), plotSvg(plot)] as const),
    ),
  );
}

function replaced(page: string, [begin, end]: readonly [string, string], text: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  return `${page.slice(0, from)}${begin}\n\n${text}\n${page.slice(to)}`;
}
