import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordProducer } from '@signalbox/agent-kit';
import { applyTopics, createProducer } from '@signalbox/agent-kit-kafka';
import { catalogueTopics, leadQualified } from '@signalbox/contracts';
import { testStack } from '@signalbox/local-stack';
import { createPublisher } from '@signalbox/publisher';
import { jsonLines, runCli } from '../../test/run-cli.js';

const run = randomUUID().slice(0, 8);
const topic = `tail-test.${run}`;
/** A namespace of this test's own: nobody else's `lead.qualified` comes between. */
const namespace = `cli-${run}`;
const connection = { brokers: [] as readonly string[], clientId: 'cli-test', namespace };
const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
let producer: RecordProducer;
let env: Record<string, string>;

beforeAll(async () => {
  connection.brokers = (await testStack()).kafkaBrokers;
  env = {
    KAFKA_BROKERS: connection.brokers.join(','),
    KAFKA_NAMESPACE: namespace,
    SIGNALBOX_DATA_DIR: dataDir,
  };
  const needed = catalogueTopics().filter((spec) =>
    ['lead.qualified', 'webhook.received', 'agent.activity'].includes(spec.topic),
  );
  const own = { topic, retentionMs: 3_600_000, maxMessageBytes: 1_048_576 };
  await applyTopics(connection, [own, ...needed], { partitions: 2, replication: 1 });
  producer = createProducer(connection);
  await producer.connect();
});

afterAll(async () => {
  await producer.close();
  rmSync(dataDir, { recursive: true });
});

const publishHere = (eventId: string, leadId: string): Promise<unknown> =>
  createPublisher({ producer, sourceService: 'crm' }).publish(
    { ...leadQualified, topic },
    { ...leadQualified.example, lead_id: leadId },
    { eventId, correlationId: `corr-${run}` },
  );

describe('signalbox publish, then story and tail', () => {
  it('writes events that tail decodes and story tells', async () => {
    const set = ['--set', `lead_id=lead-${run}-{n}`, '--set', 'score=91'];
    const published = await runCli(['publish', 'lead.qualified', '--count', '2', ...set, '--json'], env);
    expect(published).toMatchObject({ code: 0, stderr: '' });
    const [one, two] = jsonLines<{ event_id: string; key: string; partition: number }>(published);
    expect([one?.key, two?.key]).toEqual([`lead-${run}-1`, `lead-${run}-2`]);

    const tailed = await runCli(['tail', 'lead.qualified', '--no-follow', '--json'], env);
    const records = jsonLines<{ key: string; event: { event_id: string; data: unknown } }>(tailed);
    const found = records.find(({ event }) => event.event_id === one?.event_id);
    expect(found?.event.data).toMatchObject({ lead_id: `lead-${run}-1`, score: 91 });

    const story = await runCli(['story', two?.event_id ?? ''], env);
    expect(story).toMatchObject({ code: 0, stderr: '' });
    expect(story.stdout).toContain('lead.qualified  Sam Rivera of Northwind Trading, score 91');
    expect(story.stdout).toContain('0 webhooks · 1 event · 0 agents');
  });

  it('names bad fields and writes nothing', async () => {
    const id = `never-${run}`;
    const { code, stderr } = await runCli(
      ['publish', 'lead.qualified', '--set', 'score=high', '--event-id', id],
      env,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('event_invalid');
    expect(stderr).toContain('/score must be a number');
    const story = await runCli(['story', id, '--json'], env);
    expect(story.code).toBe(1);
    expect(JSON.parse(story.stderr)).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('signalbox tail', () => {
  it('begins at the beginning, follows what comes and ends at its limit', async () => {
    await publishHere(`tail-${run}-1`, 'lead-1');
    const running = runCli(['tail', topic, '--from', 'beginning', '--limit', '2'], env);
    await publishHere(`tail-${run}-2`, 'lead-2');
    const { code, stdout } = await running;
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}[01]:\d+ {2}lead\.qualified {2}Sam Rivera of Northwind Trading, score 87$/,
    );
    expect(stdout).toContain(`    from crm  id tail-${run}-1  story corr-${run}`);
    expect(stdout).toContain(`    from crm  id tail-${run}-2  story corr-${run}`);
  });

  it('shows records that are no events for what they are', async () => {
    await producer.send({ topic, partition: 0 }, [
      { key: null, value: Buffer.from('oops\u001b[2J'), headers: {} },
    ]);
    const text = await runCli(['tail', topic, '--no-follow'], env);
    expect(text.stdout).toContain('not an event: The body is not JSON.\n    oops\ufffd[2J');
    const json = await runCli(['tail', topic, '--no-follow', '--json'], env);
    const poison = jsonLines<{ error?: object; value_base64?: string }>(json).find(
      ({ error }) => error !== undefined,
    );
    expect(poison).toMatchObject({ error: { code: 'envelope_malformed' }, value_base64: 'b29wcxtbMko=' });
  });

  it('names topics that are near when there is none of that name', async () => {
    const { code, stderr } = await runCli(['tail', 'lead.qualifie'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('error not_found: Kafka has no topic lead.qualifie.');
    expect(stderr).toContain('Did you mean lead.qualified');
  });
});

describe('signalbox webhooks list', () => {
  it('is a list, whatever is in it', async () => {
    const { code, stdout } = await runCli(['webhooks', 'list', '--source', `nobody-${run}`, '--json'], env);
    expect({ code, list: JSON.parse(stdout) as unknown }).toEqual({ code: 0, list: [] });
  });
});

describe('without a stack', () => {
  it.each([
    ['publish', 'lead.qualified'],
    ['tail', 'lead.qualified'],
    ['story', 'x'],
    ['webhooks', 'list'],
    ['send', 'service_down'],
  ])('%s %s says how to start one', async (...args) => {
    const nothing = { ...env, KAFKA_BROKERS: undefined, WEBHOOK_SECRET: undefined };
    const { code, stderr } = await runCli(args, nothing);
    expect(code).toBe(1);
    expect(stderr).toContain('error stack_unavailable: The local stack is not running.');
    expect(stderr).toContain('npm start');
  });
});
