import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';
import { quantile } from '../harness/stats.js';
import { HttpConnection } from './http-connection.js';
import type { Listen, Probed, ProbeWebhooks } from './latency-protocol.js';
import { userIdOf } from './sign-up.js';
import { webhookBytes } from './webhook-bytes.js';

/** Sends at a fixed rate and listens for what comes of it; one process, so one clock. */
const answerMsMax = 20_000;
const connectionCount = 64;
const sentAtMs = new Map<string, number>();
let latenciesMs: number[] = [];
let producer: Producer | undefined;
let consumer: Consumer | undefined;
const connections: HttpConnection[] = [];

async function listen({ brokers, topic }: Listen): Promise<void> {
  const kafka = new Kafka({ clientId: 'latency', brokers: [...brokers], logLevel: logLevel.NOTHING });
  producer = kafka.producer();
  consumer = kafka.consumer({ groupId: `latency-${topic}`, maxWaitTimeInMs: 100 });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer?.on('consumer.group_join', () => resolve()));
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => {
      const key = String(message.key);
      const sent = sentAtMs.get(key);
      if (sent !== undefined) latenciesMs.push(performance.now() - sent);
      sentAtMs.delete(key);
      return Promise.resolve();
    },
  });
  await joined;
}

async function probe(order: ProbeWebhooks): Promise<Probed> {
  const { from, count, ratePerSecond } = order;
  latenciesMs = [];
  const send = order.webhooks ? await webhookSender(order, order.webhooks) : recordSender(order);
  const startedMs = performance.now();
  const sending: Promise<void>[] = [];
  for (let at = 0; at < count; at += 1) {
    const dueMs = startedMs + (at / ratePerSecond) * 1_000;
    if (dueMs > performance.now()) await delay(dueMs - performance.now());
    sentAtMs.set(userIdOf(from + at), performance.now());
    sending.push(send(from + at));
  }
  await Promise.all(sending);
  const seconds = (performance.now() - startedMs) / 1_000;
  const untilMs = performance.now() + answerMsMax;
  while (latenciesMs.length < count && performance.now() < untilMs) await delay(5);
  const [p50Ms, p99Ms] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99)];
  return { kind: 'probed', answered: latenciesMs.length, seconds, p50Ms, p99Ms };
}

async function webhookSender(
  { from, count }: ProbeWebhooks,
  { port, path, secret }: NonNullable<ProbeWebhooks['webhooks']>,
): Promise<(n: number) => Promise<void>> {
  // New ones for every round: a server closes those that were idle while the other side was measured.
  for (const connection of connections.splice(0)) connection.close();
  for (let n = 0; n < connectionCount; n += 1) connections.push(await HttpConnection.open(port));
  const free = [...connections];
  const order = {
    kind: 'prepare',
    port,
    path,
    secret,
    connections: 0,
    from,
    count,
    body: 'sign_up',
  } as const;
  const requests = new Map(
    Array.from({ length: count }, (_, at) => [from + at, webhookBytes(order, from + at)]),
  );
  return async (n) => {
    const connection = await borrow(free);
    const status = await connection.request(requests.get(n) as Buffer);
    giveBack(free, connection);
    // An unaccepted webhook has no answer: the count at the end shows it.
    if (status !== 202) sentAtMs.delete(userIdOf(n));
  };
}

/** Requests that wait for a free connection, oldest first. */
const borrowers: ((connection: HttpConnection) => void)[] = [];

function borrow(free: HttpConnection[]): Promise<HttpConnection> {
  const connection = free.pop();
  return connection ? Promise.resolve(connection) : new Promise((resolve) => borrowers.push(resolve));
}

function giveBack(free: HttpConnection[], connection: HttpConnection): void {
  const next = borrowers.shift();
  if (next) next(connection);
  else free.push(connection);
}

function recordSender({ inTopic = '' }: ProbeWebhooks): (n: number) => Promise<void> {
  return async (n) => {
    const value = JSON.stringify({
      event_id: `sign-up-${n}`,
      data: { user_id: userIdOf(n) },
      pad: 'x'.repeat(350),
    });
    await producer?.send({ topic: inTopic, acks: -1, messages: [{ key: userIdOf(n), value }] });
  };
}

async function handle(message: Listen | ProbeWebhooks): Promise<void> {
  if (message.kind === 'probe') return void process.send?.(await probe(message));
  await listen(message);
  process.send?.({ kind: 'listening' });
}

process.on('message', (message: Listen | ProbeWebhooks) => void handle(message));
