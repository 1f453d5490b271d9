import { Kafka, logLevel } from 'kafkajs';
import { receiverUrl, rivalSettings, wireTopic } from '../harness/settings.js';
import { callDeadlineMs, post } from '../load/calls.js';

/**
 * Rival (a) of the `connector` bench, the way most write it: one call after another per record, the result sent before
 * the next. A call that is not answered is given up after the same deadline as ours; nothing is tried again.
 */
const kafka = new Kafka({
  clientId: 'calls-serial',
  brokers: [...rivalSettings.KAFKA_BROKERS],
  logLevel: logLevel.NOTHING,
});
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: wireTopic('calls-serial') });

interface Requested {
  readonly event_id: string;
  readonly timestamp: string;
  readonly data: { readonly service_name: string };
}

async function main(): Promise<void> {
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topic: wireTopic('remediation.requested'), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const event = JSON.parse(String(message.value)) as Requested;
      const { service_name: destination } = event.data;
      const call = { id: event.event_id, destination, sentMs: Date.parse(event.timestamp) };
      const outcome = await post(receiverUrl, call, AbortSignal.timeout(callDeadlineMs)).then(
        () => 'called',
        () => 'failed',
      );
      const value = JSON.stringify({ data: { request_id: event.event_id, outcome } });
      await producer.send({
        topic: wireTopic('remediation.completed'),
        acks: -1,
        messages: [{ key: destination, value }],
      });
    },
  });
  process.send?.({ kind: 'ready' });
  process.once('SIGTERM', () => process.exit(0));
}

void main();
