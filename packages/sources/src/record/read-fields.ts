import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import { LineCounter, parseDocument, isNode, type Document } from 'yaml';
import type { z } from 'zod';
import { sourceFields, type SourceFields } from './source-record.js';

const fileCharsMax = 262_144;
const problemsMax = 20;

/** A record as written, and where each field stands. */
export interface ReadFields {
  readonly fields: SourceFields;
  /** The line of a field, from 1 on; that of what holds it when it is absent. */
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

/** Reads a record's YAML. Throws `config_invalid` with file, line, field and what to do for everything that is wrong. */
export function readFields(text: string, file: string): ReadFields {
  if (text.length > fileCharsMax)
    throw refuse(file, [{ line: 1, field: '', why: `has more than ${fileCharsMax} characters` }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  if (document.errors.length > 0) {
    throw refuse(
      file,
      document.errors.map(({ message, pos }) => ({
        line: lineAt(pos[0]),
        field: '',
        why: `is not YAML: ${message}`,
      })),
    );
  }
  const lineOf = (path: readonly (string | number)[]): number => lineAt(offsetOf(document, path));
  const parsed = sourceFields.safeParse(toPlain(document, file));
  if (parsed.success) return { fields: parsed.data, lineOf };
  throw refuse(file, problemsOf(parsed.error, lineOf));
}

/** What is wrong at one place of a record. */
export interface FieldProblem {
  readonly line: number;
  readonly field: string;
  readonly why: string;
}

/** `config_invalid` that names file, line and field of each problem. */
export function refuse(file: string, problems: readonly FieldProblem[]): SignalboxError {
  const shown = problems.slice(0, problemsMax);
  const text = ({ line, field, why }: FieldProblem): string =>
    `${file}:${line}: ${field === '' ? '' : `${field} `}${why}`;
  return new SignalboxError('config_invalid', shown.map(text).join('\n'), {
    pointers: shown.map(({ line, field, why }): ErrorPointer => ({
      pointer: `${file}:${line}`,
      message: `${field} ${why}`.trim(),
    })),
    action:
      'Correct the file; a running gateway reads it again at once and keeps the last good record until then.',
  });
}

function toPlain(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 }) as unknown;
  } catch {
    throw refuse(file, [{ line: 1, field: '', why: 'uses too many aliases' }]);
  }
}

function problemsOf(error: z.ZodError, lineOf: ReadFields['lineOf']): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        line: lineOf([...path, key]),
        field: [...path, key].join('.'),
        why: 'is not a field of a source',
      }));
    }
    // A union with a sentence of its own says more than its alternatives.
    if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
      const inner = bestOf(issue.errors);
      if (inner)
        return problemsOf(
          { issues: inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] })) } as z.ZodError,
          lineOf,
        );
    }
    return [
      { line: lineOf(path), field: path.join('.'), why: issue.message.replace(/^Invalid input: /, '') },
    ];
  });
}

/** Of the alternatives a value could have meant, the one it comes nearest to: whose first problem lies deepest. */
function bestOf(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const depth = (issues: readonly z.core.$ZodIssue[]): number =>
    Math.max(0, ...issues.map(({ path }) => path.length));
  const [best] = [...errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  return best && depth(best) > 0 ? best : undefined;
}

function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
