import { setTimeout as delay } from 'node:timers/promises';
import type { OutgoingRecord, RecordProducer } from '@signalbox/agent-kit';
import { createProducer } from '@signalbox/agent-kit-kafka';
import { encodeEvent, keyOf, remediationRequested } from '@signalbox/contracts';
import { destinationOf } from './calls.js';
import type { SendRequests, SentRequests } from './requests-protocol.js';

/** Publishes requests for outside calls, in a process of its own: as fast as Kafka takes them, or at a rate. */
const producers = new Map<string, RecordProducer>();
const recordsPerSend = 200;
const paceMs = 10;

function requestRecord(n: number, isOneHanging: boolean): OutgoingRecord & { readonly key: Buffer } {
  const data = {
    ...remediationRequested.example,
    incident_id: `inc-${n}`,
    service_name: destinationOf(n, isOneHanging),
  };
  const key = keyOf(remediationRequested, data);
  const { value, headers } = encodeEvent(
    {
      event_id: `request-${n}`,
      event_type: remediationRequested.type,
      timestamp: new Date().toISOString(),
      data,
      metadata: { source_service: 'ops', correlation_id: `story-${n}`, schema_version: 1 },
    },
    { key },
  );
  return { key: Buffer.from(key), value, headers };
}

async function sendPart(producer: RecordProducer, from: number, to: number, isOneHanging: boolean) {
  const byPartition = new Map<number, OutgoingRecord[]>();
  for (let n = from; n < to; n += 1) {
    const record = requestRecord(n, isOneHanging);
    const partition = await producer.partitionFor(remediationRequested.topic, record.key);
    byPartition.set(partition, [...(byPartition.get(partition) ?? []), record]);
  }
  const { topic } = remediationRequested;
  await Promise.all(
    [...byPartition].map(([partition, records]) => producer.send({ topic, partition }, records)),
  );
}

async function send(order: SendRequests): Promise<void> {
  const { brokers, namespace, from, count, isOneHanging, perSecond } = order;
  const producer = producers.get(namespace) ?? createProducer({ brokers, clientId: 'bench-load', namespace });
  producers.set(namespace, producer);
  await producer.connect();
  const startedMs = performance.now();
  for (let sent = 0; sent < count;) {
    const dueCount = perSecond ? Math.floor(((performance.now() - startedMs) * perSecond) / 1_000) : count;
    const to = Math.min(count, dueCount, sent + recordsPerSend);
    if (to > sent) await sendPart(producer, from + sent, from + to, isOneHanging);
    else await delay(paceMs);
    sent = Math.max(sent, to);
  }
  const done: SentRequests = { kind: 'sent', acknowledged: count };
  process.send?.(done);
}

process.on('message', (order: SendRequests) => void send(order));
