import { applyTopics } from '@signalbox/agent-kit-kafka';
import { inheritedEnvironment } from '@signalbox/config';
import {
  agentActivity,
  decodeEvent,
  incidentOpened,
  serviceDown,
  webhookReceived,
  type DataOf,
} from '@signalbox/contracts';
import { repositoryDir, sourceFlags } from '@signalbox/local-stack';
import { sourceTopics } from '@signalbox/sources';
import { eventually } from '@signalbox/test-kit';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AgentTables } from './support/drain.js';
import { alertFor, eventsPath, opsPath } from './support/seeds.js';
import { System, patient } from './support/system.js';

type Webhook = DataOf<typeof webhookReceived>;

/** Different webhooks of each kind; the refused ones stay below the rate above which their records are sampled. */
const each = 40;
const repeats = 3;
const atOnce = 16;

let sourcesDir: string;
let system: System;
let tables: AgentTables;

beforeAll(async () => {
  sourcesDir = mkdtempSync(join(tmpdir(), 'count-sources-'));
  cpSync(join(repositoryDir, 'infra', 'sources'), sourcesDir, { recursive: true });
  const rule = `[{ event_type: user.signed_up, data: '{"user_id": user}', when: '$exists(user)' }]`;
  writeFileSync(join(sourcesDir, 'careful.yaml'), `name: careful\nquarantine: true\nmapping: ${rule}\n`);
  system = await System.start(['gateway', 'agent-ops'], {
    SOURCES_DIR: sourcesDir,
    ...patient,
  });
  const topics = sourceTopics([{ name: 'careful', form: 'provider' }]);
  await applyTopics(system.installation.connection, topics, { partitions: 2, replication: 1 });
  tables = new AgentTables(system.installation, ['ops']);
}, 180_000);

afterAll(async () => {
  await tables?.close();
  await system?.stop();
  rmSync(sourcesDir, { recursive: true, force: true });
});

interface Sending {
  readonly path: string;
  readonly body: Buffer;
  readonly wanted: 'accepted' | 'refused' | 'quarantined';
  readonly secret?: string;
}

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** Good, bad and repeated ones, in an order that mixes them. */
function mixedLoad(): Sending[] {
  const load: Sending[] = [];
  for (let n = 0; n < each; n += 1) {
    const good = bytes(alertFor(`Service${n}`, `A-${n}`));
    for (let time = 0; time < repeats; time += 1)
      load.push({ path: opsPath, body: good, wanted: 'accepted' });
    load.push(
      { path: opsPath, body: bytes(alertFor(`Forged${n}`, `F-${n}`)), wanted: 'refused', secret: 'guessed' },
      {
        path: opsPath,
        body: bytes({ ...alertFor(`Bad${n}`, `B-${n}`), severity: 'odd' }),
        wanted: 'refused',
      },
      { path: opsPath, body: Buffer.from(`{"n":${n},"n":1}`), wanted: 'refused' },
      { path: '/webhooks/careful', body: bytes({ user: `q-${n}` }), wanted: 'quarantined' },
      { path: '/webhooks/careful', body: bytes({ note: n }), wanted: 'accepted' },
    );
  }
  return load
    .map((one, at) => ({ one, key: (at * 7_919) % load.length }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

async function sendAll(load: readonly Sending[]): Promise<Map<Sending, number>> {
  const answers = new Map<Sending, number>();
  const waiting = [...load];
  const sender = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { status } = await system.post(next.path, next.body, next.secret);
      answers.set(next, status);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return answers;
}

const webhooks = async (): Promise<Webhook[]> =>
  (await system.installation.records(webhookReceived.topic)).map(
    (record) => decodeEvent(record).data as Webhook,
  );
const verdictOf = ({ verdict, quarantined }: Webhook): string => (quarantined ? 'quarantined' : verdict);
const countBy = <T>(list: readonly T[], key: (entry: T) => string): Record<string, number> =>
  list.reduce<Record<string, number>>(
    (counts, entry) => ({ ...counts, [key(entry)]: (counts[key(entry)] ?? 0) + 1 }),
    {},
  );

it('counts every webhook once: received = published + refused + quarantined', async () => {
  const load = mixedLoad();
  const answers = await sendAll(load);
  for (const [{ wanted }, status] of answers) {
    if (wanted === 'refused') expect([400, 403, 422]).toContain(status);
    else expect(status).toBe(202);
  }
  const seen = await eventually(
    webhooks,
    (all) => all.length >= load.length,
    'a record of each webhook',
    60_000,
  );
  expect(seen).toHaveLength(load.length);
  expect(new Set(seen.map(({ webhook_id: id }) => id)).size).toBe(load.length);
  expect(countBy(seen, verdictOf)).toEqual(countBy(load, ({ wanted }) => wanted));

  // What was accepted is published, as often as it was accepted; nothing else is.
  const accepted = seen.filter((webhook) => verdictOf(webhook) === 'accepted');
  const published = countBy(accepted, ({ event_id: id }) => id ?? 'none');
  const topics = [serviceDown.topic, 'webhook.careful'];
  const records = (await Promise.all(topics.map((topic) => system.installation.records(topic)))).flat();
  const onTopics = countBy(records, ({ headers }) => String(headers['ce_id']));
  expect(onTopics).toEqual(published);
  expect(Object.keys(onTopics)).toHaveLength(2 * each);
  expect(await system.installation.records('webhook.quarantined')).toHaveLength(each);
  expect(await system.installation.records('webhook.raw')).toHaveLength(each);

  await tables.drained();
  expect(await system.installation.events(incidentOpened)).toHaveLength(each);
}, 180_000);

it('shows that another body came under the same id, and drops neither silently', async () => {
  const envelope = (message: string): Buffer =>
    bytes({
      event_id: 'monitor-17',
      event_type: 'service_down',
      timestamp: '2026-04-05T12:01:00Z',
      data: alertFor('Conflicting', 'C-1', { message }),
      metadata: { source_service: 'monitor', correlation_id: 'conflict' },
    });
  for (const message of ['It is down.', 'It is down, and this is another story.']) {
    expect(await system.post(eventsPath, envelope(message))).toMatchObject({
      status: 202,
      event_id: 'monitor-17',
    });
  }
  await eventually(
    async () =>
      (await system.installation.events(agentActivity)).flatMap(
        ({ data }) => (data as DataOf<typeof agentActivity>).entries,
      ),
    (entries) =>
      entries.some(({ event_id: id, error_code: code }) => id === 'monitor-17' && code === 'id_conflict'),
    'the conflict in the activity of ops',
    60_000,
  );
  const listed = JSON.parse(await cli('webhooks', 'list', '--source', 'events', '--json')) as {
    outcomes: { agent: string; outcome: string; errorCode?: string }[];
  }[];
  expect(listed).toHaveLength(2);
  for (const { outcomes } of listed) {
    expect(outcomes).toContainEqual(expect.objectContaining({ agent: 'ops', outcome: 'handled' }));
    expect(outcomes).toContainEqual(
      expect.objectContaining({ outcome: 'dead_lettered', errorCode: 'id_conflict' }),
    );
  }
  expect(await cli('webhooks', 'list', '--source', 'events')).toContain(
    'ops handled, ops dead lettered (id_conflict)',
  );
}, 120_000);

async function cli(...args: string[]): Promise<string> {
  const env = inheritedEnvironment({ NODE_OPTIONS: undefined, NODE_ENV: undefined, ...system.environment() });
  const main = join(repositoryDir, 'packages', 'cli', 'src', 'run.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...sourceFlags, main, ...args], {
    cwd: repositoryDir,
    env,
  });
  return stdout;
}
