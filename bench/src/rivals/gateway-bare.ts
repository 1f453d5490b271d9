import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { rivalSettings, webhookSecret, wireTopic } from '../harness/settings.js';
import { eventText, recordText, type Alert } from './gateway-records.js';

/**
 * The ceiling of the `gateway` bench: bare `node:http`, HMAC, JSON.parse, and everything that waits goes to Kafka as
 * one request with acks=all, one in flight. It writes the two records of each webhook that ours writes, the event and
 * what was received; without that it would ask half as much of Kafka. No schema, no redaction, no record headers, no
 * limits, no error handling.
 */
const kafka = new Kafka({
  clientId: 'bare',
  brokers: [...rivalSettings.KAFKA_BROKERS],
  logLevel: logLevel.NOTHING,
});
const producer = kafka.producer();
const eventTopic = wireTopic('service_down');
const recordTopic = wireTopic('webhook.received');

interface Waiting {
  readonly event: Message;
  readonly record: Message;
  readonly done: () => void;
}

let waiting: Waiting[] = [];
let isSending = false;

async function flush(): Promise<void> {
  isSending = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    const events = { topic: eventTopic, messages: batch.map(({ event }) => event) };
    const records = { topic: recordTopic, messages: batch.map(({ record }) => record) };
    await producer.sendBatch({ acks: -1, topicMessages: [events, records] });
    for (const { done } of batch) done();
  }
  isSending = false;
}

function accept(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const digest = createHmac('sha256', webhookSecret).update(body).digest();
  const given = Buffer.from(String(request.headers['x-webhook-signature']).slice('sha256='.length), 'hex');
  if (given.length !== digest.length || !timingSafeEqual(given, digest))
    return void response.writeHead(401).end();
  const alert = JSON.parse(body.toString()) as Alert;
  const done = (): void => {
    const text = JSON.stringify({ status: 'accepted', event_id: alert.alert_id });
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
  };
  waiting.push({
    event: { key: alert.service_name, value: eventText(alert) },
    record: { key: 'ops-alert', value: recordText(alert, request, body.length) },
    done,
  });
  if (!isSending) queueMicrotask(() => void (isSending || flush()));
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () =>
    accept(request, response, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
  );
});

async function main(): Promise<void> {
  await producer.connect();
  server.listen(0, '127.0.0.1', () =>
    process.send?.({ kind: 'ready', port: (server.address() as AddressInfo).port }),
  );
  process.once('SIGTERM', () => process.exit(0));
}

void main();
