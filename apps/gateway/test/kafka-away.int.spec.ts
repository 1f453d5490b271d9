import { randomUUID } from 'node:crypto';
import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import type { RunningGateway } from '../src/start-gateway.js';
import { BrokerProxy } from './support/broker-proxy.js';
import { sample } from './support/sources.js';
import { eventually, post, startTestGateway, testKafka, type Answer } from './support/test-gateway.js';
import { TopicWatch } from './support/topic-watch.js';

const acknowledgeMsMax = 1_500;
/** What a busy machine may add to a deadline: a request to Kafka itself is given up after 10 s. */
const lateMsMax = 8_000;
const inFlightMax = 20;

const instance = randomUUID();
let kafka: KafkaConnectionOptions;
let proxy: BrokerProxy;
let gateway: RunningGateway;
let watch: TopicWatch;

beforeAll(async () => {
  kafka = await testKafka();
  proxy = await BrokerProxy.to(kafka.brokers[0] ?? '');
  gateway = await startTestGateway(kafka, { limits: { acknowledgeMsMax, inFlightMax }, route: proxy.route });
  const topics = ['service_down', 'webhook.received'];
  watch = await eventually(() => TopicWatch.of(kafka, topics).catch(() => undefined), 60_000);
}, 900_000);

afterAll(async () => {
  await watch?.close();
  await gateway?.stop();
  await proxy?.close();
});

let sent = 0;
let refused = 0;
const counted = (answer: Answer): Answer => {
  if (answer.status !== 202) refused += 1;
  return answer;
};
const send = async (): Promise<Answer> =>
  counted(
    await post(
      `${gateway.url}/agent/ops-alert-webhook`,
      JSON.stringify({ ...sample('service_down.json'), n: `${instance}-${(sent += 1)}` }),
      { headers: { 'x-instance': instance } },
    ),
  );
const ready = async (): Promise<number> => (await fetch(`${gateway.url}/health/ready`)).status;
const live = async (): Promise<number> => (await fetch(`${gateway.url}/health/live`)).status;

describe.each(['cut', 'silence'] as const)('Kafka away (%s)', (how) => {
  it('was taking webhooks before', async () => {
    await eventually(async () => (await ready()) === 200);
    expect((await send()).status).toBe(202);
  });

  it('answers 503 with Retry-After within the deadline', async () => {
    proxy[how]();
    const begunMs = performance.now();
    const answer = await send();
    expect(performance.now() - begunMs).toBeLessThan(acknowledgeMsMax + lateMsMax);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.body).toMatchObject({ code: 'broker_unavailable', status: 503 });
  });

  // Within how many seconds is said by the unit tests of KafkaWatch, whose clock no machine holds up.
  it('is not ready, but alive', async () => {
    await eventually(async () => (await ready()) === 503);
    expect(await live()).toBe(200);
  });

  it('refuses at once what is above the cap', async () => {
    const answers: Answer[] = [];
    const told = (code: string): Answer | undefined => answers.find(({ body }) => body['code'] === code);
    do answers.push(...(await Promise.all(Array.from({ length: 3 * inFlightMax }, () => send()))));
    while (
      // Where a busy machine stretches them, those before have left again.
      !told('overloaded')
    );
    const codes = answers.map(({ body }) => body['code']);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    // How many find a place depends on how fast they come: places are free again after the deadline.
    expect(new Set(codes)).toEqual(new Set(['broker_unavailable', 'overloaded']));
    expect(told('overloaded')?.headers.get('retry-after')).toBe('1');
  });

  it('still refuses what is wrong, without Kafka', async () => {
    const answer = await post(`${gateway.url}/agent/ops-alert-webhook`, '{}', {
      secret: 'wrong',
      headers: { 'x-instance': instance },
    });
    expect(counted(answer).status).toBe(403);
  });

  it('recovers by itself, and nothing it acknowledged is missing', async () => {
    proxy.restore();
    const answer = await eventually(async () => {
      const next = await send();
      return next.status === 202 && next;
    });
    const eventId = answer.body['event_id'];
    expect(await watch.seen('service_down', ({ envelope }) => envelope.event_id === eventId)).toHaveLength(1);
    await eventually(async () => (await ready()) === 200);
  });

  it('holds nothing any more', async () => {
    await eventually(async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      return /webhooks_in_flight\{[^}]*\} 0\n/.test(text) && /body_bytes_in_flight\{[^}]*\} 0\n/.test(text);
    });
  });
});

describe('afterwards', () => {
  it('the topic tells how many were refused meanwhile', async () => {
    const told = async (): Promise<number> => {
      const mine = await watch.seen('webhook.received', ({ envelope, key }) => {
        const { verdict, headers } = envelope.data as { verdict: string; headers: Record<string, string> };
        return key === 'ops-alert' && verdict === 'refused' && headers['x-instance'] === instance;
      });
      // A record whose answer got lost is written again, with the same id.
      const once = new Map(
        mine.map(({ envelope }) => [envelope.event_id, envelope.data as { unrecorded?: number }]),
      );
      return [...once.values()].reduce((sum, { unrecorded = 0 }) => sum + 1 + unrecorded, 0);
    };
    expect(refused).toBeGreaterThan(2 * 3 * inFlightMax);
    await eventually(async () => (await told()) >= refused);
    expect(await told()).toBe(refused);
  });
});

describe('a start without Kafka', () => {
  it('listens, is not ready, answers 503', async () => {
    const lonely = await startTestGateway(
      { brokers: ['127.0.0.1:1'], clientId: 'x' },
      { limits: { acknowledgeMsMax: 400 } },
    );
    expect((await fetch(`${lonely.url}/health/live`)).status).toBe(200);
    const health = await fetch(`${lonely.url}/health/ready`);
    expect(health.status).toBe(503);
    expect(await health.json()).toEqual({ status: 'not_ready', reasons: ['Kafka does not answer'] });
    const answer = await post(
      `${lonely.url}/agent/ops-alert-webhook`,
      JSON.stringify(sample('service_down.json')),
    );
    expect(answer.status).toBe(503);
    await lonely.stop();
  });
});
