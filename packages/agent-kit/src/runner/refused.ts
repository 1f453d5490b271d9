import { deadLetterOf } from '../chunk/dead-letters.js';
import { readEnvelope } from '../chunk/decode.js';
import { Effects } from '../chunk/effects.js';
import { writeEffects } from '../chunk/write.step.js';
import type { AgentDefinition } from '../handlers.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { RefusedRecord } from '../outbox/outbox-publisher.js';
import type { DeadLetter, RawRecord } from '../ports/store.js';
import type { RunnerPorts } from './ports.js';

/**
 * Keeps a record the broker refused for good as a dead letter of its own, so that it blocks nothing behind it; the first
 * of its kind raises an alert. Rejects when it could not be kept; an unclear COMMIT counts as that, so that after one the
 * letter may stand there twice.
 */
export async function keepRefused(refused: RefusedRecord, ports: RunnerPorts): Promise<void> {
  const { topic, partition, error } = refused;
  ports.log.error(
    { topic, partition, error: error.message },
    'Kafka refused a record for good; it is kept as a dead letter',
  );
  const rows = await writeLetter(refused, ports);
  if (rows.length === 0) return;
  // Not waited for: the alert's lane may be the one the refused record stands in.
  void ports.publisher.publish(rows).then(
    () => ports.acknowledged.add(rows.map(({ id }) => id)),
    () => undefined, // stopped: the rows stay in the outbox for the next owner or the sweeper
  );
}

async function writeLetter(refused: RefusedRecord, { context, store }: RunnerPorts): Promise<CommittedRow[]> {
  const tx = await store.begin();
  try {
    const opened = await tx.openChunk();
    const effects = new Effects();
    // The letter alone: its copy and its line of activity could be refused for the same reason, for ever.
    effects.deadLetters.push(letterOf(refused, context.agent, opened.now));
    const writes = { tx, effects, acknowledged: [] };
    const rows = await writeEffects(writes, context, { ...opened, origin: null, cells: undefined });
    await tx.commit();
    return rows;
  } catch (failure) {
    await tx.rollback();
    throw failure;
  }
}

function letterOf(refused: RefusedRecord, agent: AgentDefinition, now: Date): DeadLetter {
  const record = rawRecordOf(refused, now);
  const event = readEnvelope(record);
  const failed = { record, attempts: 1, firstFailedAt: now, now };
  return deadLetterOf(agent, event ? { ...failed, event } : failed, refused.error);
}

function rawRecordOf({ topic, partition, record }: RefusedRecord, now: Date): RawRecord {
  const headers = Object.entries(record.headers).map(([name, value]) => [name, Buffer.from(value)]);
  return {
    topic,
    partition,
    offset: -1n,
    timestampMs: now.getTime(),
    key: record.key,
    value: record.value,
    headers: Object.fromEntries(headers) as RawRecord['headers'],
  };
}
