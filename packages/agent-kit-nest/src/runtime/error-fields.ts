import { SignalboxError } from '@signalbox/errors';
import type { LogFields } from '@signalbox/observability';

/** An error for the log: our own with code, where and what to do, and what led to it; any other with its stack. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof SignalboxError)) return { err: error };
  const { code, pointers, action, message, cause } = error;
  const where = pointers.map(({ pointer, message: what }) => `${pointer}: ${what}`);
  return {
    code,
    error: message,
    ...(where.length > 0 ? { where } : {}),
    action,
    ...(cause === undefined ? {} : { err: cause }),
  };
}
