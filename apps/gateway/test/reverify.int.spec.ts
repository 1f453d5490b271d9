import {
  applyTopics,
  createInspector,
  type KafkaConnectionOptions,
  type KafkaInspector,
} from '@signalbox/agent-kit-kafka';
import { decodeEvent, webhookReceived, type DataOf } from '@signalbox/contracts';
import { sourceTopics, type ReleaseReport } from '@signalbox/sources';
import type { RunningGateway } from '../src/start-gateway.js';
import { sample } from './support/sources.js';
import { SourceFiles } from './support/source-files.js';
import { eventually, post, startTestGateway, testKafka } from './support/test-gateway.js';

const files = new SourceFiles();
const token = 'token-of-an-operator';
const sources = ['shop', 'other'].map((name) => `${name}-${Date.now().toString(36)}`) as [string, string];
const [shop, other] = sources;

let kafka: KafkaConnectionOptions;
let gateways: RunningGateway[] = [];
let inspector: KafkaInspector;
let sinceMs: number;

beforeAll(async () => {
  kafka = await testKafka();
  await applyTopics(kafka, sourceTopics([{ name: other, form: 'provider' }]), {
    partitions: 3,
    replication: 1,
  });
  for (const name of sources) files.secret(name, 'wrong-here');
  files.record(shop, `secrets: [{ file: ${shop} }]`, 'form: flat', 'eventTypes: [service_down]');
  files.record(
    other,
    `secrets: [{ file: ${other} }]`,
    'quarantine: true',
    'mapping: [{ event_type: user.signed_up, data: \'{"user_id": user}\' }]',
  );
  sinceMs = Date.now() - 1_000;
  inspector = createInspector(kafka);
  const env = { ...files.env, CONTROL_TOKEN: token };
  gateways = await Promise.all([startTestGateway(kafka, { env }), startTestGateway(kafka, { env })]);
}, 900_000);

afterAll(async () => {
  await inspector?.close();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  files.dispose();
});

const gateway = (at = 0): RunningGateway => gateways[at]!;

async function ask(body: object, at = 0, authorization = `Bearer ${token}`) {
  const response = await fetch(`${gateway(at).url}/control/webhooks/reverify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ source: shop, by: 'kim', since: new Date(sinceMs).toISOString(), ...body }),
  });
  return { status: response.status, body: (await response.json()) as ReleaseReport & { code?: string } };
}

async function idsOn(topic: string, source: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const record of inspector.readTopic(topic, { fromTimeMs: sinceMs })) {
    const { event_id: id, metadata } = decodeEvent(record);
    if (metadata.source_service === source) ids.push(id);
  }
  return ids;
}

async function webhooksOf(source: string): Promise<DataOf<typeof webhookReceived>[]> {
  const found = [];
  for await (const record of inspector.readTopic('webhook.received', { fromTimeMs: sinceMs })) {
    const data = decodeEvent(record).data as DataOf<typeof webhookReceived>;
    if (data.source === source) found.push(data);
  }
  return found;
}

const outage = (n: number): string =>
  JSON.stringify({ ...sample('service_down.json'), alert_id: `A-${n}`, service_name: `${shop}-${n}` });
const deliver = (n: number, secret = 'right') =>
  post(`${gateway().url}/webhooks/${shop}`, outage(n), { secret });

describe('webhooks that were refused for a wrong secret', () => {
  it('are released once as the events they would have been, though two gateways are asked at the same time', async () => {
    for (let n = 1; n <= 20; n += 1) expect((await deliver(n)).status).toBe(403);
    // A sender that repeats what was refused, and somebody who only guesses.
    expect((await deliver(1)).status).toBe(403);
    expect((await deliver(99, 'guessed')).status).toBe(403);
    await eventually(async () => (await webhooksOf(shop)).filter(({ raw_kept: kept }) => kept).length === 22);

    expect((await ask({})).body).toMatchObject({ looked_at: 22, released: 0, still_refused: 22 });
    files.secret(shop, 'right');
    await eventually(async () => (await deliver(21)).status === 202);
    const dry = await ask({ dry_run: true });
    expect(dry.body).toMatchObject({ dry_run: true, released: 20, repeats: 1 });
    expect(await idsOn('service_down', shop)).toHaveLength(1);

    const [one, two] = await Promise.all([ask({}, 0), ask({}, 1)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    const joined = [one.body, two.body].filter((report) => report.joined);
    // The second either joined the first, or came after it and found everything released.
    const [first, second] = one.body.released > 0 ? [one.body, two.body] : [two.body, one.body];
    expect(first).toMatchObject({ released: 20, by: 'kim' });
    if (joined.length === 0) expect(second).toMatchObject({ released: 0 });
    else expect(one.body.run).toBe(two.body.run);

    const ids = await idsOn('service_down', shop);
    expect(ids).toHaveLength(21);
    expect(new Set(ids).size).toBe(21);
    expect((await ask({})).body).toMatchObject({ released: 0, already_there: expect.any(Number) as number });
  });

  it('are told apart in the records: who released which, and with which key', async () => {
    const released = (await webhooksOf(shop)).filter(({ release }) => release !== undefined);
    expect(released).toHaveLength(20);
    expect(released[0]).toMatchObject({ verdict: 'accepted', key_id: shop, release: { by: 'kim' } });
    const originals = new Set(released.map(({ release }) => release?.of));
    expect(originals.size).toBe(20);
  });

  it('have the event ids their senders would get by sending again', async () => {
    const before = await idsOn('service_down', shop);
    const answer = await deliver(5);
    expect(before).toContain(answer.body['event_id']);
  });
});

describe('webhooks that are quarantined', () => {
  it('are released once the mapping fits', async () => {
    const path = `${gateway().url}/webhooks/${other}`;
    for (const user of ['q1', 'q2']) {
      expect((await post(path, JSON.stringify({ user }), { secret: 'wrong-here' })).status).toBe(202);
    }
    const asked = { source: other, quarantined: true };
    const unfit = await ask(asked);
    expect(unfit.body).toMatchObject({ looked_at: 2, released: 0, unfit: 2 });
    expect(unfit.body.problems[0]).toMatchObject({ code: 'event_invalid' });
    files.record(
      other,
      `secrets: [{ file: ${other} }]`,
      'mapping:',
      '  - event_type: user.signed_up',
      '    data: \'{"user_id": user, "email": user & "@example.com", "plan": "free", "signup_source": "shop"}\'',
    );
    await eventually(
      async () =>
        (await post(path, '{"user":"q3"}', { secret: 'wrong-here' })).body['status'] === 'accepted' &&
        (await idsOn('user.signed_up', other)).length > 0,
    );
    expect((await ask(asked)).body).toMatchObject({ released: 2 });
    expect((await ask(asked)).body).toMatchObject({ released: 0, unfit: 0 });
  });
});

describe('who may ask', () => {
  it.each([
    ['no token', '', 401, 'credentials_missing'],
    ['another token', 'Bearer another-token-here', 403, 'credentials_invalid'],
  ])('nobody with %s', async (_, authorization, status, code) => {
    expect(await ask({}, 0, authorization)).toMatchObject({ status, body: { code } });
  });

  it.each([
    [{ source: 'nobody' }, 404, 'not_found'],
    [{ since: 'yesterday' }, 400, 'request_malformed'],
    [{ all: true }, 400, 'request_malformed'],
  ])('not for %j', async (body, status, code) => {
    expect(await ask(body)).toMatchObject({ status, body: { code } });
  });
});
