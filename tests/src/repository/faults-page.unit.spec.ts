import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/repository.js';

const page = readFileSync(join(root, 'docs', 'reference', 'faults.md'), 'utf8');
const scenarios = [...page.matchAll(/^\| (\d+) \|(.*)$/gm)].map(([, number, cells = '']) => ({
  number: Number(number),
  cells,
}));

/** Files of a row, each with the test names that follow it. */
const claims = (text: string): { file: string; names: string[] }[] =>
  text
    .split(/(?=`(?:packages|apps|tests)\/)/)
    .filter((part) => /^`(?:packages|apps|tests)\//.test(part))
    .map((part) => ({
      file: /^`([^`]+)`/.exec(part)?.[1] ?? '',
      names: [...part.matchAll(/'([^']+)'/g)].map(([, name = '']) => name),
    }));

describe('the page of faults', () => {
  it('has the twenty-eight scenarios, each once', () => {
    expect(scenarios.map(({ number }) => number)).toEqual(Array.from({ length: 28 }, (_, at) => at + 1));
  });

  it('names files that are there', () => {
    const files = [...page.matchAll(/`((?:packages|apps|tests)\/[^`*]+\.ts)`/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names tests that are in them, and says where nothing is', () => {
    for (const { cells } of scenarios) {
      const found = claims(cells);
      if (found.length === 0) expect(cells).toContain('not built');
      for (const { file, names } of found)
        for (const name of names)
          expect([file, readFileSync(join(root, file), 'utf8')]).toEqual([
            file,
            expect.stringContaining(name),
          ]);
    }
  });
});
