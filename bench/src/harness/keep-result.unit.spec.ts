import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepResult } from './keep-result.js';
import type { BenchResult } from './result.js';

it('keeps the last result of a bench, whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-results-'));
  const result: BenchResult = {
    bench: 'agent',
    measuredAt: '2026-04-05T12:00:00.000Z',
    size: { quick: false },
    versions: {},
    cores: 2,
    loadAverage: 1,
    sides: [],
    ratios: [],
    met: true,
  };
  try {
    expect(keepResult({ ...result, met: false }, folder)).toBe(join(folder, 'agent.json'));
    keepResult(result, folder);
    expect(JSON.parse(readFileSync(join(folder, 'agent.json'), 'utf8'))).toEqual(result);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
