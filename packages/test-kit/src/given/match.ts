import { lineDiff } from './diff.js';

/** Stands for a value in an expectation and judges the one found; jest's `expect.stringContaining(…)` is one, too. */
export interface Matcher {
  asymmetricMatch(actual: unknown): boolean;
  toString(): string;
}

/**
 * A place holder for a text that must match, for long texts whose wording is not the point of a test. It pretends to
 * be a string so that it fits typed data.
 */
export function textMatching(pattern: RegExp): string {
  const matcher: Matcher = {
    asymmetricMatch: (actual) =>
      typeof actual === 'string' && new RegExp(pattern.source, pattern.flags).test(actual),
    toString: () => `text matching ${pattern.toString()}`,
  };
  return matcher as unknown as string;
}

/**
 * The difference between an expectation and what was found, as lines (`-` expected, `+` found); empty when they agree.
 * Both are compared as plain data with the names sorted: a field that is `undefined` is the same as no field.
 */
export function difference(expected: unknown, actual: unknown): string {
  return lineDiff(print(resolve(expected, actual)), print(resolve(actual, actual)));
}

const isMatcher = (value: object): value is Matcher =>
  'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function';

/** In words: jest's matchers keep what they were made of beside their name. */
function textOf(matcher: Matcher & { toAsymmetricMatcher?(): string; readonly sample?: unknown }): string {
  const { sample } = matcher;
  if (matcher.toAsymmetricMatcher) return matcher.toAsymmetricMatcher();
  if (sample === undefined) return matcher.toString();
  return `${matcher.toString()} ${sample instanceof RegExp ? String(sample) : JSON.stringify(sample)}`;
}

/** Plain form of `expected`: a matcher that accepts its counterpart becomes that counterpart. */
function resolve(expected: unknown, actual: unknown): unknown {
  if (typeof expected === 'number' && !Number.isFinite(expected)) return `<${expected}>`;
  if (typeof expected === 'bigint') return `<${expected}n>`; // no JSON: shown instead of thrown about
  if (typeof expected !== 'object' || expected === null) return expected;
  if (isMatcher(expected)) {
    return expected.asymmetricMatch(actual) ? resolve(actual, actual) : `<${textOf(expected)}>`;
  }
  if (expected instanceof Date) return expected.toJSON();
  if (Array.isArray(expected)) {
    return expected.map((item, index) => resolve(item, Array.isArray(actual) ? actual[index] : undefined));
  }
  const counterpart =
    typeof actual === 'object' && actual !== null ? (actual as Record<string, unknown>) : {};
  const entries = Object.entries(expected).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, resolve(value, counterpart[name])]));
}

/** JSON with line breaks inside texts written as lines of their own, so that a difference in a mail is easy to see. */
function print(value: unknown): string {
  return (JSON.stringify(value, null, 2) ?? 'undefined').replace(/\\n/g, '\\n\n      ');
}
