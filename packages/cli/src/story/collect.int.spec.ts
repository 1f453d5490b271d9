import { randomUUID } from 'node:crypto';
import type { RecordProducer } from '@signalbox/agent-kit';
import {
  applyTopics,
  createInspector,
  createProducer,
  type KafkaInspector,
} from '@signalbox/agent-kit-kafka';
import {
  agentActivity,
  emailRequested,
  emailSent,
  leadQualified,
  userSignedUp,
  webhookReceived,
} from '@signalbox/contracts';
import { testStack } from '@signalbox/local-stack';
import { createPublisher, type Publisher } from '@signalbox/publisher';
import { collectStory } from './collect.js';
import { flatten } from './summary.js';
import { buildStory } from './tree.js';
import { listWebhooks, webhookTable } from './webhook-list.js';

const run = randomUUID().slice(0, 8);
const contracts = [userSignedUp, emailRequested, emailSent, webhookReceived, agentActivity, leadQualified];
const topics = [...contracts.map(({ topic }) => topic), 'welcome.internal', 'welcome.dlq'];
const sinceMs = Date.now() - 3_600_000;

let inspector: KafkaInspector;
let producer: RecordProducer;

beforeAll(async () => {
  const connection = {
    brokers: (await testStack()).kafkaBrokers,
    clientId: 'story-test',
    namespace: `story-${run}`,
  };
  const specs = topics.map((topic) => ({
    topic,
    retentionMs: 86_400_000,
    maxMessageBytes: 1_048_576,
  }));
  await applyTopics(connection, specs, { partitions: 2, replication: 1 });
  inspector = createInspector(connection);
  producer = createProducer(connection);
  await producer.connect();
  await tellStory('1');
  await tellStory('2');
});

afterAll(async () => {
  await producer.close();
  await inspector.close();
});

const publisherAs = (sourceService: string): Publisher => createPublisher({ producer, sourceService });

/** What gateway, welcome and notifier would write about one sign-up. */
async function tellStory(n: string): Promise<void> {
  const options = { correlationId: `corr-${run}-${n}` };
  const signUp = `signup-${run}-${n}`;
  const mail = `mail-${run}-${n}`;
  await publisherAs('gateway').publish(webhookReceived, {
    ...webhookReceived.example,
    webhook_id: `w-${run}-${n}`,
    source: 'events',
    path: '/events',
    received_at: new Date(sinceMs + 1_000 * Number(n)).toISOString(),
    event_id: signUp,
    event_type: 'user.signed_up',
    correlation_id: options.correlationId,
  });
  await publisherAs('auth').publish(userSignedUp, userSignedUp.example, {
    ...options,
    eventId: signUp,
  });
  await publisherAs('welcome').publish(emailRequested, emailRequested.example, {
    ...options,
    eventId: mail,
    causationId: signUp,
  });
  await publisherAs('notifier').publish(emailSent, emailSent.example, {
    ...options,
    eventId: `sent-${run}-${n}`,
    causationId: mail,
  });
  const about = { source: 'auth', correlation_id: options.correlationId };
  const activity = [
    {
      agent: 'welcome',
      event_id: signUp,
      event_type: 'user.signed_up',
      outcome: 'handled',
      outputs: [{ event_id: mail, event_type: 'email.requested' }],
      note: 'Premium trial from California.',
    },
    {
      agent: 'notifier',
      event_id: mail,
      event_type: 'email.requested',
      outcome: 'performed',
      outputs: [{ event_id: `sent-${run}-${n}`, event_type: 'email.sent' }],
    },
  ] as const;
  for (const { agent, ...entry } of activity) {
    const at = new Date().toISOString();
    await publisherAs(agent).publish(agentActivity, {
      agent,
      instance: 'i',
      at,
      entries: [{ ...about, ...entry, outputs: [...entry.outputs] }],
    });
  }
}

const collect = (id: string, fromTimeMs = sinceMs): ReturnType<typeof collectStory> =>
  collectStory(inspector, id, { topics, fromTimeMs });

describe('collecting a story from Kafka', () => {
  it.each(['corr', 'signup', 'mail', 'sent'])('finds all of it and nothing else by %s id', async (name) => {
    const material = await collect(`${name}-${run}-1`);
    expect(material?.correlationId).toBe(`corr-${run}-1`);
    const nodes = buildStory(material ?? neverEmpty()).roots.flatMap(flatten);
    expect(
      nodes.map((node) =>
        node.kind === 'event' ? node.eventId : node.kind === 'decision' ? node.agent : 'webhook',
      ),
    ).toEqual(['webhook', `signup-${run}-1`, 'welcome', `mail-${run}-1`, 'notifier', `sent-${run}-1`]);
  });

  it('finds nothing for an unknown id, nor before the time it is told', async () => {
    expect(await collect(`corr-${run}`)).toBeUndefined();
    expect(await collect(`corr-${run}-1`, Date.now() + 60_000)).toBeUndefined();
  });

  it('finds ids that JSON writes differently, and reads past records that are no events', async () => {
    const correlationId = `Ä"\\/${run}`;
    await producer.send({ topic: 'lead.qualified', partition: 0 }, [
      { key: null, value: Buffer.from('{"poison'), headers: {} },
      { key: null, value: null, headers: {} },
    ]);
    await publisherAs('crm').publish(leadQualified, leadQualified.example, { correlationId });
    expect((await collect(correlationId))?.events).toHaveLength(1);
  });

  it('finds binary CloudEvents, whose ids stand in headers', async () => {
    const id = `ce-${run}`;
    const headers = {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: '/crm',
      ce_type: 'lead.qualified',
      'content-type': 'application/json',
    };
    const value = Buffer.from(JSON.stringify(leadQualified.example));
    await producer.send({ topic: 'lead.qualified', partition: 1 }, [{ key: null, value, headers }]);
    expect((await collect(id))?.events).toMatchObject([
      { event: { event_id: id, metadata: { source_service: '/crm' } } },
    ]);
  });

  it('reads agents’ internal topics and leaves dead letters alone', async () => {
    const correlationId = `internal-${run}`;
    const publish = (topic: string) =>
      publisherAs('welcome').publish({ ...leadQualified, topic }, leadQualified.example, {
        correlationId,
      });
    await publish('welcome.internal');
    await publish('welcome.dlq');
    expect((await collect(correlationId))?.events.map(({ topic }) => topic)).toEqual(['welcome.internal']);
  });
});

describe('listing webhooks from Kafka', () => {
  it('joins each with the last word of every agent about its event', async () => {
    const list = await listWebhooks(inspector, topics, { limit: 10, fromTimeMs: sinceMs, source: 'events' });
    expect(list.map(({ webhook, outcomes }) => [webhook.webhook_id, outcomes])).toEqual(
      ['1', '2'].map((n) => [
        `w-${run}-${n}`,
        [{ agent: 'welcome', outcome: 'handled', note: 'Premium trial from California.' }],
      ]),
    );
    const [head, first] = webhookTable(list).split('\n');
    expect(head).toMatch(/^received \(UTC\) +source +answer +event +outcome +story$/);
    expect(first).toContain(`events     202  user.signed_up  welcome handled  corr-${run}-1`);
  });

  it('keeps the newest that pass the filter', async () => {
    const refused = {
      ...webhookReceived.example,
      webhook_id: `r-${run}`,
      source: 'ops-alert',
      verdict: 'refused',
      status: 403,
      reason: 'signature_invalid',
      event_id: undefined,
      correlation_id: undefined,
      event_type: undefined,
    } as const;
    await publisherAs('gateway').publish(webhookReceived, {
      ...refused,
      received_at: new Date().toISOString(),
    });
    const ids = async (filter: object): Promise<string[]> => {
      const list = await listWebhooks(inspector, topics, { limit: 10, fromTimeMs: sinceMs, ...filter });
      return list.map(({ webhook }) => webhook.webhook_id);
    };
    expect(await ids({ verdict: 'refused' })).toEqual([`r-${run}`]);
    expect(await ids({ verdict: 'accepted', limit: 1 })).toEqual([`w-${run}-2`]);
    expect(await ids({ source: 'nobody' })).toEqual([]);
    const list = await listWebhooks(inspector, topics, { limit: 1, fromTimeMs: sinceMs });
    expect(webhookTable(list)).toContain('refused: signature_invalid');
  });

  it('says so when there is none', async () => {
    expect(webhookTable(await listWebhooks(inspector, [], { limit: 10, fromTimeMs: sinceMs }))).toBe(
      'No webhook came in.',
    );
  });
});

function neverEmpty(): never {
  throw new Error('the story was not found');
}
