import { randomUUID } from 'node:crypto';
import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import { quarantineTopic } from '@signalbox/sources';
import type { RunningGateway } from '../src/start-gateway.js';
import { OneAddress } from './support/one-address.js';
import { SourceFiles } from './support/source-files.js';
import { sample } from './support/sources.js';
import { eventually, post, startTestGateway, testKafka, type Answer } from './support/test-gateway.js';
import { TopicWatch } from './support/topic-watch.js';

interface Received {
  readonly webhook_id: string;
  readonly source: string;
  readonly verdict: string;
  readonly quarantined?: boolean;
  readonly unrecorded?: number;
  readonly event_id?: string;
}

const files = new SourceFiles();
const [strict, careful] = ['strict', 'careful'].map((kind) => `${kind}-${randomUUID().slice(0, 8)}`) as [
  string,
  string,
];
let kafka: KafkaConnectionOptions;
let gateways: RunningGateway[];
let address: OneAddress;
let watch: TopicWatch;

beforeAll(async () => {
  kafka = await testKafka();
  files.record(strict, 'form: flat', 'eventTypes: [service_down]');
  files.record(careful, 'form: flat', 'eventTypes: [service_down]', 'quarantine: true');
  gateways = [
    await startTestGateway(kafka, { env: files.env }),
    await startTestGateway(kafka, { env: files.env }),
  ];
  address = await OneAddress.to(gateways.map(({ url }) => url));
  const topics = ['service_down', 'webhook.received', quarantineTopic];
  watch = await eventually(() => TopicWatch.of(kafka, topics).catch(() => undefined), 60_000);
}, 900_000);

afterAll(async () => {
  await address?.close();
  await Promise.all((gateways ?? []).map((gateway) => gateway.stop()));
  await watch?.close();
  files.dispose();
});

let sent = 0;
const good = (): string => JSON.stringify({ ...sample('service_down.json'), n: (sent += 1) });
const bad = (): string => JSON.stringify({ ...sample('service_down.json'), severity: 'bad', n: (sent += 1) });

/** Sends until it is answered, as senders do; a connection that broke off has told nothing. */
const send = (source: string, body: string, secret?: string): Promise<Answer> =>
  eventually(() =>
    post(`${address.url}/webhooks/${source}`, body, {
      headers: { connection: 'close' },
      ...(secret === undefined ? {} : { secret }),
    }).catch(() => undefined),
  );

/** Runs the tasks, at most 25 at a time. */
async function run(tasks: readonly (() => Promise<Answer>)[]): Promise<number[]> {
  const statuses: number[] = [];
  const queue = [...tasks];
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task; task = queue.shift()) statuses.push((await task()).status);
  };
  await Promise.all(Array.from({ length: 25 }, worker));
  return statuses;
}

const count = (statuses: readonly number[], wanted: (status: number) => boolean): number =>
  statuses.filter(wanted).length;

const recordsOf = async (...sources: string[]): Promise<Received[]> => {
  const seen = await watch.seen('webhook.received', ({ key }) => sources.includes(key));
  return seen.map(({ envelope }) => envelope.data as Received);
};

const refusedIn = (records: readonly Received[]): number =>
  records
    .filter(({ verdict }) => verdict === 'refused')
    .reduce((sum, { unrecorded = 0 }) => sum + 1 + unrecorded, 0);

it('received = published + refused + quarantined, at two gateways behind one address of which one is stopped', async () => {
  const bodies = Array.from({ length: 60 }, good);
  const tasks = [
    // Good ones, each sent twice: both are published, with the same event id.
    ...[...bodies, ...bodies].map((body) => () => send(strict, body)),
    ...Array.from({ length: 40 }, () => () => send(strict, bad())),
    ...Array.from({ length: 40 }, () => () => send(careful, bad())),
    ...Array.from({ length: 20 }, () => () => send(careful, good())),
    ...Array.from({ length: 80 }, () => () => send(strict, good(), 'wrong')),
  ];
  const shuffled = tasks.map((task, at) => ({ task, at: (at * 379) % 997 })).sort((a, b) => a.at - b.at);
  const half = shuffled.length / 2;
  const first = run(shuffled.slice(0, half).map(({ task }) => task));
  const [gone] = gateways as [RunningGateway];
  await eventually(async () => (await recordsOf(strict)).length > 20);
  address.takeOut(gone.url);
  await gone.stop();
  const statuses = [...(await first), ...(await run(shuffled.slice(half).map(({ task }) => task)))];

  const accepted = count(statuses, (status) => status === 202);
  expect(accepted).toBe(120 + 40 + 20);
  const refused = count(statuses, (status) => status === 403 || status === 422);
  expect(refused).toBe(80 + 40);
  const records = await eventually(async () => {
    const now = await recordsOf(strict, careful);
    return refusedIn(now) >= refused && now;
  });
  expect(refusedIn(records)).toBe(refused);
  expect(new Set(records.map(({ webhook_id: id }) => id)).size).toBe(records.length);

  const taken = records.filter(({ verdict }) => verdict === 'accepted');
  const quarantined = taken.filter((record) => record.quarantined === true);
  const published = await watch.seen('service_down', ({ envelope }) =>
    [strict, careful].includes(envelope.metadata.source_service),
  );
  expect([taken.length, quarantined.length, published.length]).toEqual([180, 40, 140]);
  expect(new Set(published.map(({ envelope }) => envelope.event_id)).size).toBe(80);
  const waiting = await watch.seen(quarantineTopic, ({ envelope }) =>
    JSON.stringify(envelope).includes(careful),
  );
  expect(waiting).toHaveLength(40);
}, 120_000);
