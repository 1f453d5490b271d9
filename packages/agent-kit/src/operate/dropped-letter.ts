import { decodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { deadLetterOf } from '../chunk/dead-letters.js';
import type { AgentDefinition } from '../handlers.js';
import { firingRecord } from '../pending/work-row.js';
import type { DeadLetter, PendingRow } from '../ports/store.js';

/** A row a person drops from its key's queue, as the dead letter it is kept as. */
export function droppedLetter(row: PendingRow, agent: AgentDefinition, now: Date): DeadLetter {
  const record = row.record ?? firingRecord(row, now);
  const event = row.record ? readable(row.record) : undefined;
  const failed = {
    record,
    handler: row.handler || (row.timer?.name ?? ''),
    key: row.key,
    attempts: Math.max(1, row.attempts),
    sequence: row.sequence,
    redrives: row.redrives,
    firstFailedAt: row.firstFailedAt ?? now,
    now,
  };
  const thrown = new SignalboxError('event_dropped', 'dropped by a person while it waited for its key');
  return deadLetterOf(agent, event ? { ...failed, event } : failed, thrown);
}

function readable(record: NonNullable<PendingRow['record']>): EventEnvelope | undefined {
  try {
    return decodeEvent(record);
  } catch {
    return undefined; // its raw bytes are kept all the same
  }
}
