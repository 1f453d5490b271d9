import type { ErrorPointer } from '@signalbox/errors';
import type { z } from 'zod';

/** Bad fields one error names at most. */
export const pointersMax = 50;

type Issue = z.core.$ZodIssue;

/** Appends one step to an RFC 6901 pointer. */
export function appendToPointer(pointer: string, step: PropertyKey): string {
  return `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The bad fields a schema found in `input`, as pointers that begin with `prefix`; at most 50, one a field and rule. */
export function pointersOf(error: z.ZodError, input: unknown, prefix = ''): ErrorPointer[] {
  return error.issues.slice(0, pointersMax).map((issue) => ({
    pointer: issue.path.reduce<string>(appendToPointer, prefix),
    message: isMissing(issue, input) ? 'is required' : explain(issue),
  }));
}

function isMissing(issue: Issue, input: unknown): boolean {
  let at = input;
  for (const step of issue.path) {
    if (typeof at !== 'object' || at === null) return false;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at === undefined;
}

/** What the field must be, without a word of what it was: values may be secret. */
function explain(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return sizeRule('at least', issue.origin, issue.minimum);
    case 'too_big':
      return sizeRule('at most', issue.origin, issue.maximum);
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
};

function sizeRule(bound: string, origin: string, limit: number | bigint): string {
  if (origin === 'string')
    return `must have ${bound} ${limit} ${Number(limit) === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `must have ${bound} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  return `must be ${bound} ${limit}`;
}
