import { SignalboxError } from '@signalbox/errors';

/** SQLSTATE classes that are the database's own trouble: connection, rolled back, resources, shutdown. */
const INFRASTRUCTURE_CLASSES = new Set(['08', '40', '53', '57', '58', 'XX']);
const INFRASTRUCTURE_STATES = new Set(['55P03', '25P03', '25P04', '25006']);

/** True when waiting can help: the same statement may succeed later without a change. */
export function isDatabaseTrouble(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
    return INFRASTRUCTURE_CLASSES.has(code.slice(0, 2)) || INFRASTRUCTURE_STATES.has(code);
  }
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
