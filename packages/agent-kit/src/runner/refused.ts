import { addDeadLetter } from '../chunk/dead-letters.js';
import { Effects } from '../chunk/effects.js';
import type { RefusedRecord } from '../outbox/outbox-publisher.js';
import type { RunnerPorts } from './ports.js';

/** Keeps a record the broker refused for good as a dead letter of its own, so that it blocks nothing behind it. */
export async function keepRefused(refused: RefusedRecord, ports: RunnerPorts): Promise<void> {
  const { context, store, log } = ports;
  const { topic, partition, record, error } = refused;
  log.error(
    { topic, partition, error: error.message },
    'Kafka refused a record for good; it is kept as a dead letter',
  );
  const tx = await store.begin();
  try {
    const { chunk, now } = await tx.openChunk();
    const effects = new Effects();
    const headers = Object.fromEntries(
      Object.entries(record.headers).map(([name, value]) => [name, Buffer.from(value)]),
    );
    const raw = {
      topic,
      partition,
      offset: -1n,
      timestampMs: now.getTime(),
      key: record.key,
      value: record.value,
      headers,
    };
    addDeadLetter(effects, context.agent, { record: raw, attempts: 1, firstFailedAt: now, now }, error);
    // The row alone: a copy on the dead-letter topic could be refused for the same reason.
    const { deadLetters } = effects;
    await tx.write({
      chunk,
      origin: null,
      keys: [],
      pending: [],
      timers: [],
      deadLetters,
      outbox: [],
      acknowledged: [],
    });
    await tx.commit();
  } catch (failure) {
    await tx.rollback();
    throw failure;
  }
}
