import type { RecordProducer } from '@signalbox/agent-kit';
import { createPool } from '@signalbox/agent-kit-postgres';
import { defineContract, entityId, usageRecorded, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { eventually, Installation } from '@signalbox/test-kit';
import { applyTopics } from '@signalbox/agent-kit-kafka';
import { z } from 'zod';
import { createOutboxRelay, type OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
import { createOutbox } from './outbox.js';
import type { SqlClient } from './sql-client.js';

type Pool = ReturnType<typeof createPool>;

const small = defineContract({
  type: 'note.written',
  owner: 'test',
  summary: 'A note on a topic that takes small records only.',
  schema: z.looseObject({ id: entityId, text: z.string() }),
  keyField: 'id',
  example: { id: 'a', text: '' },
});
const outbox = createOutbox({ sourceService: 'product-analytics', table: 'sales.outbox' });
let installation: Installation;
let pool: Pool;
const relays: OutboxRelay[] = [];

beforeAll(async () => {
  installation = await Installation.open({ partitions: 3 });
  await applyTopics(
    installation.connection,
    [{ topic: small.topic, retentionMs: 3_600_000, maxMessageBytes: 20_000 }],
    { partitions: 1, replication: 1 },
  );
  const onError = (): void => undefined;
  pool = createPool({ url: installation.databaseUrl, schema: 'public', max: 6, onError });
  await pool.query('create schema sales');
  await pool.query(outbox.migrationSql);
  // Twice is harmless.
  await pool.query(outbox.migrationSql);
});

afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

afterAll(async () => {
  await pool.end();
  await installation.close();
});

function relay(options: Partial<OutboxRelayOptions> = {}): OutboxRelay {
  const made = createOutboxRelay({
    database: pool,
    producer: installation.producer,
    table: 'sales.outbox',
    pollMs: 20,
    ...options,
  });
  relays.push(made);
  return made;
}

/** One transaction of the service: its own change and the events that tell of it. */
async function transaction(
  user: string,
  quantities: readonly number[],
  end: 'commit' | 'rollback',
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const quantity of quantities) {
      const data = { ...usageRecorded.example, user_id: user, quantity };
      await outbox.enqueue(client, usageRecorded, data, { eventId: `${user}-${quantity}` });
    }
    await client.query(end);
  } finally {
    client.release();
  }
}

const of = (events: readonly EventEnvelope[], user: string): string[] =>
  events.map(({ event_id }) => event_id).filter((id) => id.startsWith(`${user}-`));
const published = (user: string, n: number): Promise<string[]> =>
  eventually(
    async () => of(await installation.events(usageRecorded), user),
    (ids) => new Set(ids).size >= n,
    `${n} events of ${user}`,
  );
const waiting = async (): Promise<number> => {
  const { rows } = await pool.query('select 1 from sales.outbox where refused_at is null');
  return rows.length;
};
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

describe('an outbox in a service’s own database', () => {
  it('publishes what was committed, in order, and nothing that was rolled back', async () => {
    relay().start();
    await transaction('anna', range(0, 3), 'commit');
    await transaction('anna', range(3, 5), 'rollback');
    await transaction('ben', [0], 'commit');
    await transaction('anna', range(5, 700), 'commit');
    expect(await published('anna', 698)).toEqual([...range(0, 3), ...range(5, 700)].map((n) => `anna-${n}`));
    expect(await published('ben', 1)).toEqual(['ben-0']);
    await eventually(waiting, (n) => n === 0, 'an empty outbox');
    const [event] = await installation.events(usageRecorded);
    expect(event).toMatchObject({
      data: { user_id: 'anna', quantity: 0 },
      metadata: { source_service: 'product-analytics', correlation_id: 'anna-0', schema_version: 2 },
    });
  });

  it('writes nothing of an event that breaks its contract', async () => {
    const data = { ...usageRecorded.example, quantity: -1 };
    await expect(outbox.enqueue(pool, usageRecorded, data)).rejects.toMatchObject({ code: 'event_invalid' });
    expect(await waiting()).toBe(0);
  });

  it('publishes again, under the same id, what it could not take note of', async () => {
    let failures = 1;
    const errors: unknown[] = [];
    const forgetful: SqlClient = {
      query: (text, values) =>
        text.startsWith('delete from sales.outbox where') && failures-- > 0
          ? Promise.reject(new Error('the process died here'))
          : pool.query(text, values),
    };
    await transaction('carla', [1, 2], 'commit');
    relay({ database: forgetful, onError: (error) => errors.push(error) }).start();
    await eventually(waiting, (n) => n === 0, 'an empty outbox');
    const records = await installation.records(usageRecorded.topic);
    const ids = records.map(({ headers }) => String(headers['ce_id']));
    expect(ids.filter((id) => id.startsWith('carla'))).toEqual(['carla-1', 'carla-2', 'carla-1', 'carla-2']);
    expect(errors).toEqual([new Error('the process died here')]);
  });

  it('keeps everything, in order, while the broker is away', async () => {
    let away = 3;
    const { producer } = installation;
    const unsteady = new Proxy(producer, {
      get: (target, name) =>
        name === 'send' && away > 0
          ? () => ((away -= 1), Promise.reject(new SignalboxError('broker_unavailable', 'away')))
          : Reflect.get(target, name, target),
    }) satisfies RecordProducer;
    const codes: unknown[] = [];
    const onError = (error: unknown): unknown => codes.push((error as SignalboxError).code);
    await transaction('dmitri', range(0, 5), 'commit');
    relay({ producer: unsteady, onError }).start();
    expect(await published('dmitri', 5)).toEqual(range(0, 5).map((n) => `dmitri-${n}`));
    expect(codes).toEqual(Array(3).fill('broker_unavailable'));
  });

  it('is published by one relay at a time; another takes over at once when it stops', async () => {
    const [first, second] = [relay({ pollMs: 60_000 }), relay()];
    first.start();
    await transaction('eve', range(0, 10), 'commit');
    first.wake();
    await published('eve', 10);
    second.start();
    await transaction('eve', range(10, 20), 'commit');
    const looks = await eventually(
      async () => (await pool.query('select owner from sales.outbox_relay')).rows.length,
      (n) => n === 1,
      'a relay at work',
    );
    expect([looks, await waiting()]).toEqual([1, 10]);
    await first.stop();
    expect(await published('eve', 20)).toEqual(range(0, 20).map((n) => `eve-${n}`));
  });

  it('keeps an event the broker refuses for good, with the reason, and goes on', async () => {
    const errors: unknown[] = [];
    const text = Array.from({ length: 30_000 }, (_, n) => String.fromCharCode(33 + ((n * 7_919) % 90))).join(
      '',
    );
    await outbox.enqueue(pool, small, { id: 'a', text }, { eventId: 'large' });
    await outbox.enqueue(pool, small, { id: 'a', text: 'fits' }, { eventId: 'small' });
    relay({ onError: (error) => errors.push(error) }).start();
    const events = await installation.eventsEventually(small, 1);
    expect(events.map(({ event_id }) => event_id)).toEqual(['small']);
    await eventually(waiting, (n) => n === 0, 'nothing waiting');
    const { rows } = await pool.query('select event_id, refused_because from sales.outbox');
    expect(rows).toEqual([{ event_id: 'large', refused_because: expect.stringMatching(/large/i) as string }]);
    expect(errors).toEqual([expect.objectContaining({ code: 'broker_refused' })]);
  });

  it.each(['Outbox', 'a.b.c', 'x; drop table y', ''])('refuses %j as a table', (table) => {
    expect(() => createOutbox({ sourceService: 's', table })).toThrow('is no name for an outbox table');
  });

  it.each([5, 60_001, Number.NaN])('refuses a poll of %d ms', (pollMs) => {
    expect(() => relay({ pollMs })).toThrow('pollMs is');
  });
});
