import { agentActivity, encodeEvent, webhookReceived, type ActivityEntry } from '@signalbox/contracts';
import { listWebhooks, webhookTable, type Webhook, type WebhookFilter } from './webhook-list.js';

const startMs = Date.parse('2026-04-05T12:00:00.000Z');
const timeAt = (second: number): string => new Date(startMs + second * 1_000).toISOString();

function webhook(second: number, change: Partial<Webhook> = {}): Webhook {
  const id = `evt-${second}`;
  return {
    ...webhookReceived.example,
    webhook_id: `w-${second}`,
    received_at: timeAt(second),
    source: 'shop',
    event_id: id,
    event_type: 'service_down',
    correlation_id: `story-${second}`,
    ...change,
  };
}
const entry = (eventId: string, change: Partial<ActivityEntry> = {}): ActivityEntry => ({
  event_id: eventId,
  source: 'shop',
  event_type: 'service_down',
  outcome: 'handled',
  ...change,
});

/** Topics in memory, as an inspector reads them: partition by partition, so not in the order of time. */
function topicsOf(webhooks: readonly Webhook[], decisions: readonly [string, number, ActivityEntry][] = []) {
  const asked: [string, number | undefined][] = [];
  const recordOf = (topic: string, type: string, data: object, at: number) => {
    const event = {
      event_id: `record-${at}-${JSON.stringify(data).length}`,
      event_type: type,
      timestamp: timeAt(at),
      data,
      metadata: { source_service: 'test', correlation_id: 'c' },
    };
    const { value } = encodeEvent(event);
    return {
      topic,
      partition: 0,
      offset: 0n,
      timestampMs: startMs + at * 1_000,
      key: null,
      value,
      headers: {},
    };
  };
  const { topic: received } = webhookReceived;
  const records: Record<string, unknown[]> = {
    [received]: [
      ...webhooks.map((one) =>
        recordOf(received, received, one, (Date.parse(one.received_at) - startMs) / 1_000),
      ),
      { ...recordOf(received, received, {}, 0), value: Buffer.from('no event') },
    ],
    [agentActivity.topic]: decisions.map(([agent, at, one]) =>
      recordOf(
        agentActivity.topic,
        agentActivity.type,
        { agent, at: timeAt(at), instance: 'i', entries: [one] },
        at,
      ),
    ),
  };
  return {
    asked,
    async *readTopic(topic: string, options?: { readonly fromTimeMs?: number }) {
      asked.push([topic, options?.fromTimeMs]);
      yield* (records[topic] ?? []) as never[];
    },
  };
}
const both = [webhookReceived.topic, agentActivity.topic];
const list = (source: ReturnType<typeof topicsOf>, filter: Partial<WebhookFilter> = {}, topics = both) =>
  listWebhooks(source as never, topics, { limit: 10, fromTimeMs: 0, ...filter });
const ids = async (...asked: Parameters<typeof list>): Promise<string[]> =>
  (await list(...asked)).map(({ webhook: one }) => one.webhook_id);

describe('the webhooks of a time', () => {
  it('are the newest so many, the oldest of them first, whatever partition they lie in', async () => {
    const source = topicsOf([webhook(3), webhook(9), webhook(1), webhook(5)]);
    expect(await ids(source, { limit: 3, fromTimeMs: 77 })).toEqual(['w-3', 'w-5', 'w-9']);
    expect(source.asked[0]).toEqual([webhookReceived.topic, 77]);
  });

  it('stay the newest when there are very many', async () => {
    const many = Array.from({ length: 2_500 }, (_none, n) => webhook((n * 7) % 2_500));
    expect(await ids(topicsOf(many), { limit: 2 })).toEqual(['w-2498', 'w-2499']);
  });

  const mixed = () =>
    topicsOf([
      webhook(1),
      webhook(2, { source: 'other' }),
      webhook(3, { verdict: 'refused', status: 401, reason: 'signature_invalid' }),
      webhook(4, { quarantined: true, reason: 'mapping_failed' }),
    ]);
  it.each<[Partial<WebhookFilter>, string[]]>([
    [{ source: 'shop' }, ['w-1', 'w-3', 'w-4']],
    [{ verdict: 'accepted' }, ['w-1', 'w-2']],
    [{ verdict: 'refused' }, ['w-3']],
    [{ verdict: 'quarantined' }, ['w-4']],
    [{ verdict: 'accepted', source: 'other' }, ['w-2']],
  ])('are narrowed by %j', async (filter, wanted) => expect(await ids(mixed(), filter)).toEqual(wanted));

  it('are none, and nothing else is read, while their topic is not there', async () => {
    const source = topicsOf([webhook(1)]);
    expect(await ids(source, {}, [agentActivity.topic])).toEqual([]);
    expect(source.asked).toEqual([]);
  });

  it('come with the last word of each agent about each of their events', async () => {
    const source = topicsOf(
      [webhook(1, { more_events: [{ event_id: 'evt-more', event_type: 'service_down' }] })],
      [
        ['ops', 5, entry('evt-1', { outcome: 'failed', error_code: 'handler_failed' })],
        ['ops', 9, entry('evt-1', { outcome: 'handled' })],
        ['aggregator', 6, entry('evt-more', { outcome: 'skipped' })],
        ['ops', 7, entry('evt-of-somebody-else')],
      ],
    );
    const [found] = await list(source);
    expect(found?.outcomes.map(({ agent, outcome }) => [agent, outcome])).toEqual([
      ['ops', 'handled'],
      ['aggregator', 'skipped'],
    ]);
  });

  it('need no look at what agents did when none of them became an event', async () => {
    const { event_id: _id, ...refused } = webhook(1, { verdict: 'refused' });
    const source = topicsOf([refused as Webhook]);
    await list(source);
    expect(source.asked.map(([topic]) => topic)).toEqual([webhookReceived.topic]);
  });
});

describe('webhooks in a table', () => {
  const cells = (
    change: Partial<Webhook>,
    outcomes: Parameters<typeof webhookTable>[0][number]['outcomes'] = [],
  ) => (webhookTable([{ webhook: webhook(1, change), outcomes }]).split('\n')[1] ?? '').trim().split(/ {2,}/);
  const ops = (change: object = {}) => ({ agent: 'ops', outcome: 'handled' as const, ...change });

  it('say when, from whom, what was answered, and which story it is', () => {
    expect(cells({}, [ops()])).toEqual([
      '2026-04-05 12:00:01.000',
      'shop',
      '202',
      'service_down',
      'ops handled',
      'story-1',
    ]);
    expect(webhookTable([])).toBe('No webhook came in.');
  });

  it.each<[string, Partial<Webhook>, Parameters<typeof cells>[1], string]>([
    ['nobody has handled it', {}, [], 'no agent yet'],
    [
      'several have',
      {},
      [ops(), { ...ops(), agent: 'aggregator', outcome: 'skipped' }],
      'ops handled, aggregator skipped',
    ],
    ['one handled many', {}, [ops(), ops(), ops()], 'ops handled × 3'],
    [
      'one gave up',
      {},
      [ops({ outcome: 'dead_lettered', errorCode: 'handler_fatal' })],
      'ops dead lettered (handler_fatal)',
    ],
    ['it was refused', { verdict: 'refused', reason: 'signature_invalid' }, [], 'refused: signature_invalid'],
    ['it was refused for nothing known', { verdict: 'refused' }, [], 'refused: no reason given'],
    [
      'it was refused and kept',
      { verdict: 'refused', reason: 'signature_invalid', raw_kept: true },
      [],
      'refused: signature_invalid (kept: see webhooks reverify)',
    ],
    ['it waits', { quarantined: true, reason: 'mapping_failed' }, [], 'quarantined: mapping_failed'],
    ['no rule maps it', { event_type: 'webhook.shop' }, [], 'no rule maps it'],
    ['no rule maps it, but somebody reads it', { event_type: 'webhook.shop' }, [ops()], 'ops handled'],
  ])('tell the outcome when %s', (_what, change, outcomes, text) => {
    expect(cells(change, outcomes)).toContain(text);
  });

  it('count the further events of one webhook, and name who released it', () => {
    const more = [
      { event_id: 'a', event_type: 'service_down' },
      { event_id: 'b', event_type: 'service_down' },
    ];
    expect(cells({ more_events: more })).toContain('service_down and 2 more');
    const release = { ...webhookReceived.example, by: 'ann' } as never;
    expect(cells({ release }, [ops()])).toContain('released by ann: ops handled');
  });

  it('cannot take over the terminal, whatever a sender writes', () => {
    const evil = 'a\u001b[2J\u0007b';
    const line = cells({
      source: evil,
      event_type: evil,
      correlation_id: evil,
      reason: evil,
      verdict: 'refused',
    }).join();
    expect(line).not.toMatch(/[\u0000-\u001f]/); // eslint-disable-line no-control-regex
  });
});
