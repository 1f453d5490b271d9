import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchResult } from '../harness/result.js';
import { arithmetic } from './arithmetic.js';
import { benchmarksPage, plotFiles } from './benchmarks-page.js';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/benchmarks.md'), 'utf8');
const folder = join(root, 'bench/results');
const results = readdirSync(folder)
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as BenchResult);

const result = (bench: string, cpuSecondsPer1000: number): BenchResult => ({
  bench,
  measuredAt: '2026-04-05T12:00:00.000Z',
  size: { quick: true },
  versions: { node: 'v20' },
  cores: 2,
  loadAverage: 1,
  sides: [
    {
      name: bench,
      role: 'ours',
      rounds: 5,
      eventsPerRound: 100,
      perSecond: 1_000,
      perSecondMin: 900,
      perSecondMax: 1_100,
      spread: 0.2,
      cpuSecondsPer1000,
      more: { p99Ms: 4 },
    },
  ],
  ratios: [{ name: 'rate', value: 0.5, wanted: '≥ 0.6', met: false }],
  plots: [{ name: 'Rate, offered', x: 'a', y: 'b', lines: [{ name: 'l', role: 'ours', points: [[1, 1]] }] }],
  met: false,
});

describe('docs/benchmarks.md (else: npm run report -w @signalbox/bench)', () => {
  it('says what the kept results say', () => {
    expect(page).toBe(benchmarksPage(page, results));
  });

  it('has every plot of the kept results, and no other', () => {
    const plots = plotFiles(results);
    const files = results.some(({ plots = [] }) => plots.length > 0)
      ? readdirSync(join(root, 'docs/benchmarks')).sort()
      : [];
    expect(files).toEqual([...plots.keys()].sort());
    for (const [file, svg] of plots)
      expect(readFileSync(join(root, 'docs/benchmarks', file), 'utf8')).toBe(svg);
  });
});

describe('the page', () => {
  const marks =
    '<!-- results: begin -->\nold\n<!-- results: end -->\nwords\n<!-- arithmetic: begin -->\n<!-- arithmetic: end -->\n';

  it('keeps what people wrote and replaces the rest', () => {
    const written = benchmarksPage(marks, [result('agent', 0.1), result('gateway', 0.2)]);
    expect(written).not.toContain('old');
    expect(written).toContain('\nwords\n');
    expect(written).toContain('![Rate, offered](benchmarks/agent-rate-offered.svg)');
    expect(written).toContain('| rate | 0.5 | ≥ 0.6 | **not met** |');
    expect(benchmarksPage(written, [result('agent', 0.1), result('gateway', 0.2)])).toBe(written);
  });

  it('counts from the CPU an event costs', () => {
    const sums = arithmetic(
      new Map([
        ['agent', result('agent', 0.1)],
        ['gateway', result('gateway', 0.2)],
      ]),
    );
    // 1,000 events in 0.1 s of CPU, at 80 % of a core; 20 processes of it.
    expect(sums).toContain('| 8,000 events/s |');
    expect(sums).toContain('| 160,000 events/s |');
    expect(sums).toContain('| 4,000 webhooks/s |');
    expect(arithmetic(new Map())).toContain('have no result yet');
  });
});
