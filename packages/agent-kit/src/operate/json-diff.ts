/** One difference of two JSON values: an RFC 6901 pointer and what lies there; absent = nothing does. */
export interface JsonChange {
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

const CHANGES_MAX = 1_000;

/** What changed between two JSON values, in the order of the pointers' appearance; at most 1,000 changes. */
export function jsonDiff(before: unknown, after: unknown): JsonChange[] {
  const changes: JsonChange[] = [];
  compare('', before, after, changes);
  return changes;
}

function compare(pointer: string, before: unknown, after: unknown, changes: JsonChange[]): void {
  if (changes.length >= CHANGES_MAX || Object.is(before, after)) return;
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) {
    changes.push({
      pointer,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    compare(`${pointer}/${escaped(name)}`, own(before, name), own(after, name), changes);
  }
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const own = (container: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(container, name) ? container[name] : undefined;

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
