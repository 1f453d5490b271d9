import { SignalboxError } from '@signalbox/errors';

/** Whether waiting can help: the database or the broker is away, or the transaction lost a race. */
export function isInfrastructure(error: unknown): boolean {
  return (
    error instanceof SignalboxError &&
    ['database_unavailable', 'broker_unavailable', 'schema_newer'].includes(error.code)
  );
}
