import { agentActivity, alertRaised, emailRequested } from '@signalbox/contracts';
import { agent } from '../../test/agent.js';
import { KitBench, type BenchProcess } from '../../test/kit-bench.js';
import { partitionOf } from '../murmur2.js';
import { decodeRecords } from '../outbox/stored-records.js';
import { deadLetterOf } from './dead-letters.js';
import { Effects, type OutgoingEvent } from './effects.js';
import { KeyCells } from './key-cells.js';
import { write, writeEffects } from './write.step.js';

const outgoing = (key: string | null, topic = emailRequested.topic): OutgoingEvent => ({
  topic,
  record: {
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(`to ${key}`),
    headers: { h: key ?? '' },
  },
});

describe('writeEffects', () => {
  let bench: KitBench;
  let one: BenchProcess;
  beforeEach(() => {
    bench = new KitBench(agent, { [emailRequested.topic]: 4 });
    one = bench.process('one');
  });
  /** Writes the effects in a transaction of their own. */
  const written = async (effects: Effects, cells?: KeyCells) => {
    const tx = await one.ports.store.begin();
    const opened = await tx.openChunk();
    const rows = await writeEffects({ tx, effects, acknowledged: [] }, one.ports.context, {
      ...opened,
      origin: null,
      cells,
    });
    await tx.commit();
    return rows;
  };
  const stored = () => [...bench.database.tables.outbox.rows.values()];

  it('makes one row for each destination partition, in the order of the records', async () => {
    const effects = new Effects();
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'a', 'b'];
    effects.events.push(...keys.map((key) => outgoing(key)));
    const rows = await written(effects);
    expect(new Set(rows.map(({ partition }) => partition)).size).toBe(rows.length);
    expect(rows.flatMap(({ records }) => records)).toHaveLength(keys.length);
    const count = await one.ports.context.producer.partitionCount(emailRequested.topic);
    for (const { partition, records } of rows) {
      const wanted = [];
      for (const key of keys)
        if (partitionOf(Buffer.from(key), count) === partition) wanted.push(`to ${key}`);
      expect(records.map(({ value }) => String(value))).toEqual(wanted);
    }
  });

  it('stores what it hands back, under the same ids', async () => {
    const effects = new Effects();
    effects.events.push(outgoing('a'), outgoing(null));
    const rows = await written(effects);
    expect(stored().map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(stored().flatMap(({ encoded }) => decodeRecords(encoded))).toEqual(
      rows.flatMap(({ records }) => records),
    );
    expect(stored().every(({ owner, origin }) => owner === 'one' && origin === null)).toBe(true);
  });

  it('adds activity, and an alert for a failure of which no letter is open', async () => {
    const now = new Date(bench.clock.nowMs());
    const record = {
      topic: 't',
      partition: 0,
      offset: 1n,
      timestampMs: 0,
      key: null,
      value: null,
      headers: {},
    };
    const failed = () => {
      const effects = new Effects();
      effects.deadLetters.push(
        deadLetterOf(agent, { record, attempts: 1, firstFailedAt: now, now }, new Error('no')),
      );
      effects.activity.push({ event_id: 'e', source: 's', event_type: 't', outcome: 'dead_lettered' });
      return effects;
    };
    const topics = async () => (await written(failed())).map(({ topic }) => topic);
    expect(await topics()).toEqual([alertRaised.topic, agentActivity.topic]);
    expect(await topics()).toEqual([agentActivity.topic]);
    expect(bench.database.tables.deadLetters.rows.size).toBe(2);
  });

  it('writes keys that changed, and no others', async () => {
    const tx = await one.ports.store.begin();
    const keys = ['changed', 'same'].map((value) => ({ kind: 'counter', value }));
    const cells = new KeyCells(await tx.lockKeys(keys), []);
    const [changed] = keys.map((key) => cells.cell(key));
    if (changed) changed.blocked = true;
    const opened = await tx.openChunk();
    const effects = new Effects();
    await writeEffects({ tx, effects, acknowledged: [] }, one.ports.context, {
      ...opened,
      origin: null,
      cells,
    });
    await tx.commit();
    const blocked = [...bench.database.tables.keys.rows.values()].map(({ value, blocked: is }) => [
      value,
      is,
    ]);
    expect(blocked).toEqual([
      ['changed', true],
      ['same', false],
    ]);
  });

  it('runs after the fence, never before', async () => {
    const run = { input: {}, effects: new Effects(), acknowledged: [], taken: [] };
    await expect(write(run as never, one.ports.context)).rejects.toMatchObject({ code: 'internal' });
  });
});
