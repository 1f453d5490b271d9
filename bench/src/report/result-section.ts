import type { BenchResult, Plot } from '../harness/result.js';

type Cell = string | number;

const row = (cells: readonly Cell[]): string => `| ${cells.join(' | ')} |`;
export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Name of a plot's file in `docs/benchmarks`. */
export const plotFile = (bench: string, { name }: Plot): string =>
  `${bench}-${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}.svg`;

/** What one bench measured, as a section of the page. */
export function resultSection(result: BenchResult): string {
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
  const plots = (result.plots ?? []).map(
    (plot) => `![${plot.name}](benchmarks/${plotFile(result.bench, plot)})\n`,
  );
  return [
    `### ${result.bench}`,
    '',
    `Measured ${result.measuredAt}, ${result.cores} cores, load average ${result.loadAverage}; ${size.join(', ')}.`,
    '',
    ...plots,
    table(['side', '', 'per second (median)', 'range', 'CPU s per 1,000', ...names], sides),
    '',
    table(['ratio', 'seen', 'to reach', ''], ratios),
    '',
  ].join('\n');
}
