import { errorCodeOf, SignalboxError } from '@signalbox/errors';
import { addDeadLetter, messageOf } from '../chunk/dead-letters.js';
import { NEWER_RETRY_MS } from '../chunk/failure.js';
import { readEnvelope } from '../chunk/decode.js';
import { KeyCells } from '../chunk/key-cells.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { PendingRow, RawRecord } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import { withRows } from './row-transaction.js';

/**
 * Ends a job that cannot even be begun: no handler of this code takes it, or its record cannot be read. It becomes a
 * dead letter; a request of a newer version waits for newer code instead.
 */
export function refuseJob(
  row: PendingRow,
  error: unknown,
  ports: RunnerPorts,
): Promise<ReservedRows | undefined> {
  return withRows([row], ports, async ({ effects, settlement, locked, now }) => {
    if (error instanceof SignalboxError && error.code === 'event_newer') {
      const dueAt = new Date(now.getTime() + NEWER_RETRY_MS);
      const failure = { errorCode: errorCodeOf(error), errorMessage: messageOf(error) };
      settlement.postponed.push({
        id: row.id,
        dueAt,
        claimAt: dueAt,
        attempts: row.attempts,
        ...failure,
      });
      return new KeyCells(locked, []);
    }
    settlement.ended.push(row.id);
    const record = row.record as RawRecord;
    const event = readEnvelope(record);
    const failed = {
      record,
      ...(event ? { event } : {}),
      handler: row.handler,
      key: row.key,
      attempts: row.attempts + 1,
      sequence: row.sequence,
      redrives: row.redrives,
      firstFailedAt: row.firstFailedAt ?? now,
      now,
    };
    addDeadLetter(effects, ports.context.agent, failed, error);
    return new KeyCells(locked, []);
  });
}
