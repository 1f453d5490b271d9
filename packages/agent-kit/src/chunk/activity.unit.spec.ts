import { agentActivity, decodeEvent, type ActivityEntry, type DataOf } from '@signalbox/contracts';
import { agent } from '../../test/agent.js';
import type { OutgoingEvent } from './effects.js';
import { activityRecords } from './activity.js';

const now = new Date('2026-04-05T12:00:00.000Z');
const entry = (n: number, change: Partial<ActivityEntry> = {}): ActivityEntry => ({
  event_id: `e${n}`,
  source: 's',
  event_type: 't',
  outcome: 'handled',
  ...change,
});
const records = (entries: readonly ActivityEntry[], chunk = 7n, instance = 'one'): OutgoingEvent[] =>
  activityRecords(agent, instance, chunk, now, entries);
const read = ({ record }: OutgoingEvent) => {
  const headers = Object.entries(record.headers).map(([name, text]) => [name, Buffer.from(text)]);
  const event = decodeEvent({
    timestampMs: 0,
    value: record.value,
    headers: Object.fromEntries(headers) as never,
  });
  return { ...event, data: event.data as DataOf<typeof agentActivity> };
};
const many = (count: number, change?: Partial<ActivityEntry>) =>
  Array.from({ length: count }, (_, n) => entry(n, change));

describe('activityRecords', () => {
  it('is no record for a chunk in which nothing happened', () => {
    expect(records([])).toEqual([]);
  });

  it('is one record that says who decided what, when', () => {
    const [one, ...more] = records([entry(1), entry(2)]);
    expect(more).toEqual([]);
    expect(one?.topic).toBe(agentActivity.topic);
    expect(read(one as OutgoingEvent).data).toEqual({
      agent: 'greeter',
      instance: 'one',
      at: now.toISOString(),
      entries: [entry(1), entry(2)],
    });
  });

  it.each([
    ['500 entries', many(501), [500, 1]],
    ['256 KiB of notes', many(300, { note: 'n'.repeat(1_000) }), [60, 60, 60, 60, 60]],
    [
      '256 KiB of outputs',
      many(200, { outputs: Array.from({ length: 20 }, (_, n) => ({ id: `id-${n}`, type: 'x' })) as never }),
      [96, 96, 8],
    ],
  ])('is split at %s, and nothing is lost', (_what, entries, sizes) => {
    const parts = records(entries);
    expect(parts.map((part) => read(part).data.entries.length)).toEqual(sizes);
    expect(parts.flatMap((part) => read(part).data.entries)).toEqual(entries);
    for (const { record } of parts) expect(record.value?.length).toBeLessThanOrEqual(262_144);
  });

  it('carries ids that are the same when the chunk is published again, and others for another', () => {
    const ids = (...chunks: OutgoingEvent[][]) => chunks.flat().map((one) => read(one).event_id);
    const entries = many(501);
    expect(ids(records(entries))).toEqual(ids(records(entries)));
    expect(new Set(ids(records(entries), records(entries, 8n), records(entries, 7n, 'two'))).size).toBe(6);
  });
});
