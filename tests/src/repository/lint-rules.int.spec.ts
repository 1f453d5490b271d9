import { LintFixture, type LintCase } from '../support/lint-fixture.js';

const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `  total += ${n};`).join('\n');

const breaking: readonly LintCase[] = [
  {
    in: 'apps/agent-x/src/x.handlers.ts',
    code: 'async function later(): Promise<void> {}\nlater();',
    breaks: '@typescript-eslint/no-floating-promises',
  },
  {
    in: 'apps/agent-x/src/x.handlers.ts',
    code: '[1].forEach(async () => { await Promise.resolve(); });',
    breaks: '@typescript-eslint/no-misused-promises',
  },
  {
    in: 'packages/cli/src/x.ts',
    code: 'export const x: any = 1;',
    breaks: '@typescript-eslint/no-explicit-any',
  },
  {
    in: 'packages/cli/src/x.ts',
    code: "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}",
    breaks: '@typescript-eslint/switch-exhaustiveness-check',
  },
  { in: 'packages/cli/src/x.ts', code: "console.log('x');", breaks: 'no-console' },
  { in: 'packages/cli/src/x.ts', code: 'export const x = process.env;', breaks: 'no-restricted-properties' },
  {
    in: 'apps/notifier/src/x.ts',
    code: "export { env } from 'node:process';",
    breaks: 'no-restricted-imports',
  },
  { in: 'packages/cli/src/x.ts', code: "throw new Error('x');", breaks: 'no-restricted-syntax' },
  {
    in: 'apps/agent-x/src/x.decide.ts',
    code: 'export const x = Date.now();',
    breaks: 'no-restricted-properties',
  },
  {
    in: 'apps/agent-x/src/x.decide.ts',
    code: 'export const x = new Date();',
    breaks: 'no-restricted-syntax',
  },
  {
    in: 'apps/agent-x/src/x.decide.ts',
    code: 'export const x = Math.random();',
    breaks: 'no-restricted-properties',
  },
  {
    in: 'apps/agent-x/src/x.decide.ts',
    code: "import { randomUUID } from 'node:crypto';\nexport const x = randomUUID();",
    breaks: 'no-restricted-imports',
  },
  {
    in: 'apps/agent-x/src/x.decide.ts',
    code: 'export const x = crypto.randomUUID();',
    breaks: 'no-restricted-properties',
  },
  {
    in: 'apps/agent-x/src/x.decide.ts',
    code: "export const x = fetch('http://x');",
    breaks: 'no-restricted-globals',
  },
  {
    in: 'packages/agent-kit/src/chunk/x.ts',
    code: 'export const x = Date.now();',
    breaks: 'no-restricted-properties',
  },
  { in: 'packages/cli/src/x.ts', code: `export let total = 0;\n${lines(301)}`, breaks: 'max-lines' },
  {
    in: 'packages/cli/src/x.ts',
    code: `export function f(): number {\n  let total = 0;\n${lines(60)}\n  return total;\n}`,
    breaks: 'max-lines-per-function',
  },
  {
    in: 'packages/cli/src/x.unit.spec.ts',
    code: "it.only('x', () => undefined);",
    breaks: 'no-restricted-syntax',
  },
  {
    in: 'packages/cli/src/x.unit.spec.ts',
    code: "describe.skip('x', () => undefined);",
    breaks: 'no-restricted-syntax',
  },
  {
    in: 'packages/cli/src/x.unit.spec.ts',
    code: "it.skip.each([1])('x', () => undefined);",
    breaks: 'no-restricted-syntax',
  },
  {
    in: 'packages/cli/src/x.unit.spec.ts',
    code: "xit('x', () => undefined);",
    breaks: 'no-restricted-syntax',
  },
  {
    in: 'packages/cli/src/x.int.spec.ts',
    code: 'export const x = new Promise((resolve) => setTimeout(resolve, 100));',
    breaks: 'no-restricted-syntax',
  },
  {
    in: 'packages/cli/src/x.int.spec.ts',
    code: "export { setTimeout } from 'node:timers/promises';",
    breaks: 'no-restricted-imports',
  },
];

const kept: readonly LintCase[] = [
  { in: 'packages/config/src/x.ts', code: 'export const x = process.env;' },
  { in: 'apps/agent-x/src/x.decide.ts', code: "export const x = new Date('2026-01-01T00:00:00Z');" },
  { in: 'packages/cli/src/x.ts', code: 'export const x = Date.now();' },
  { in: 'packages/cli/src/x.unit.spec.ts', code: "it('x', () => expect(1).toBe(1));" },
];

describe('the linter', () => {
  const fixture = new LintFixture();
  const numbered = [...breaking, ...kept].map((one, index) => ({
    ...one,
    file: one.in.replace(/(^|\/)([^/]+)$/, `$1case${index}-$2`),
  }));
  let broken: Map<string, string[]>;

  beforeAll(async () => {
    for (const { file, code } of numbered) fixture.write(file, `${code}\nexport {};\n`);
    broken = await fixture.lint();
  });
  afterAll(() => fixture.remove());

  it.each(numbered.slice(0, breaking.length))('says $breaks in $in', ({ file, breaks }) => {
    expect(broken.get(file)).toContain(breaks);
  });

  it.each(numbered.slice(breaking.length))('has nothing against `$code` in $in', ({ file }) => {
    expect(broken.get(file)).toEqual([]);
  });
});
