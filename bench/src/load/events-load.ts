import type { OutgoingRecord, RecordProducer } from '@signalbox/agent-kit';
import { createProducer } from '@signalbox/agent-kit-kafka';
import { userSignedUp } from '@signalbox/contracts';
import type { PrepareEvents, SendEvents, SentEvents } from './protocol.js';
import { signUpRecord } from './sign-up.js';

/** Publishes sign-ups, in a process of its own. Records are made before the clock runs. */
const producers = new Map<string, RecordProducer>();
const recordsPerSend = 500;
let prepared: { producer: RecordProducer; byPartition: Map<number, OutgoingRecord[]> } | undefined;

async function prepare(order: PrepareEvents): Promise<void> {
  const { brokers, namespace, from, count, firstAtMs = Date.now(), overMs = 0 } = order;
  const producer = producers.get(namespace) ?? createProducer({ brokers, clientId: 'bench-load', namespace });
  producers.set(namespace, producer);
  await producer.connect();
  const byPartition = new Map<number, OutgoingRecord[]>();
  for (let n = from; n < from + count; n += 1) {
    const record = signUpRecord(n, firstAtMs + (overMs * (n - from)) / count);
    const partition = await producer.partitionFor(userSignedUp.topic, record.key);
    const records = byPartition.get(partition) ?? [];
    records.push(record);
    byPartition.set(partition, records);
  }
  prepared = { producer, byPartition };
}

/** Resolves with the number of acknowledged records; rejects when one was not. */
async function send(): Promise<number> {
  if (!prepared) return 0;
  const { producer, byPartition } = prepared;
  let acknowledged = 0;
  await Promise.all(
    [...byPartition].map(async ([partition, records]) => {
      for (let at = 0; at < records.length; at += recordsPerSend) {
        const part = records.slice(at, at + recordsPerSend);
        await producer.send({ topic: userSignedUp.topic, partition }, part);
        acknowledged += part.length;
      }
    }),
  );
  prepared = undefined;
  return acknowledged;
}

async function handle(message: PrepareEvents | SendEvents): Promise<void> {
  if (message.kind === 'prepare') {
    await prepare(message);
    process.send?.({ kind: 'prepared' });
    return;
  }
  const sent: SentEvents = { kind: 'sent', acknowledged: await send() };
  process.send?.(sent);
}

process.on('message', (message: PrepareEvents | SendEvents) => void handle(message));
