import type { FieldChange } from './model.js';

/** Fields that are listed of one output; the rest is not told. */
const fieldsMax = 20;

/** Where two JSON values differ, with RFC 6901 pointers, at most 20. */
export function fieldChanges(production: unknown, shadow: unknown): FieldChange[] {
  const changes: FieldChange[] = [];
  walk(production, shadow, '', changes);
  return changes.slice(0, fieldsMax);
}

function walk(a: unknown, b: unknown, pointer: string, changes: FieldChange[]): void {
  if (changes.length > fieldsMax) return;
  if (isTree(a) && isTree(b) && Array.isArray(a) === Array.isArray(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      walk(a[name], b[name], `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, changes);
    }
    return;
  }
  if (a !== b) changes.push({ pointer, production: a, shadow: b });
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
