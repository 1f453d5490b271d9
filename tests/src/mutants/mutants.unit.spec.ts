import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText, root } from '../support/repository.js';

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly changes: readonly { readonly find: string }[];
  readonly caughtBy: { readonly workspace: string; readonly file: string; readonly test: string };
}

const program = `
  const { mutants } = await import(${JSON.stringify(join(__dirname, 'mutants.mjs'))});
  process.stdout.write(JSON.stringify(mutants));`;
const mutants = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }),
) as Mutant[];

/** `npm run mutants` takes minutes; that it still fits the code is seen here. */
describe('the mutants', () => {
  it('are twelve', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(12);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s: what it changes is there once, and so is the test that must notice',
    (_name, { file, changes, caughtBy }) => {
      const text = readText(file);
      expect(changes.filter(({ find }) => text.split(find).length !== 2)).toEqual([]);
      const test = join(caughtBy.workspace, caughtBy.file);
      expect(existsSync(join(root, test))).toBe(true);
      expect(readText(test)).toContain(caughtBy.test);
    },
  );
});
