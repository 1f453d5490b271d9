import { SignalboxError } from '@signalbox/errors';

/**
 * SQLSTATE classes that are the fault of the data: bad values, broken constraints, a row too large for an index. All
 * others are not the event's fault: connection, locks, resources, shutdown, but also a missing right or table (42),
 * which a person mends while the work waits.
 */
const DATA_CLASSES = new Set(['22', '23', '54']);

const DEFECTS = new Set(['TypeError', 'RangeError']);

/** The server's own answer, or undefined when it gave none (EPIPE has five letters too, but no digit). */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when waiting can help: the same statement may succeed later without a change. */
export function isDatabaseTrouble(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: string };
  const state = sqlStateOf(error);
  if (state !== undefined) return !DATA_CLASSES.has(state.slice(0, 2));
  // A defect, or a value that cannot even be sent: Node gives these codes too, and no waiting helps.
  if (DEFECTS.has((error as Error).name)) return false;
  return (
    typeof code === 'string' || /terminated|timeout|Connection|not queryable|closed/i.test(message ?? '')
  );
}

/** Turns trouble of the database into `database_unavailable`; everything else stays as it is. */
export function asStoreError(error: unknown): Error {
  if (error instanceof SignalboxError) return error;
  if (!isDatabaseTrouble(error)) return error as Error;
  const { code, message } = error as { code?: string; message?: string };
  return new SignalboxError(
    'database_unavailable',
    `PostgreSQL: ${message ?? 'no message'}${code ? ` (${code})` : ''}`,
    {
      cause: error,
    },
  );
}
