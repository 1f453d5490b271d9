import {
  ShadowAgent,
  emit,
  defineState,
  setState,
  setTimer,
  type AgentDefinition,
} from '@signalbox/agent-kit';
import { encodeEvent, trialStarted, usageRecorded, type EventEnvelope } from '@signalbox/contracts';
import { z } from 'zod';
import type { Pair, RecordedDecision } from './model.js';
import { Replay, type InputRecord } from './replay.js';

const startMs = Date.parse('2026-04-05T12:00:00Z');
const minuteMs = 60_000;
const laterMs = 60 * minuteMs;
const tally = defineState({ kind: 'tally', schema: z.object({ total: z.number() }) });
type Tally = z.infer<typeof tally.schema>;

/** Adds up what a user uses, and an hour later tells the sum. */
const definition: AgentDefinition = {
  name: 'tally',
  startFrom: 'earliest',
  codeVersion: 'test',
  handlers: [
    {
      kind: 'decide',
      name: 'used',
      contract: usageRecorded,
      state: tally,
      decide: ({ event, state, now }) => {
        const { quantity } = event.data as typeof usageRecorded.example;
        const total = ((state as Tally | undefined)?.total ?? 0) + quantity;
        return [setState({ total }), setTimer('tell', new Date(now.getTime() + laterMs))];
      },
    },
    {
      kind: 'timer',
      name: 'told',
      timer: 'tell',
      state: tally,
      fire: ({ key, state }) => {
        const plan = String((state as Tally).total);
        return [emit(trialStarted, { ...trialStarted.example, user_id: key.value, plan })];
      },
    },
  ],
};

/** An event `minutes` after the start; the same id is the same event. */
const used = (id: string, minutes: number, more: { user?: string; quantity?: number } = {}): InputRecord => {
  const { user = 'ann', quantity = 1 } = more;
  const timestampMs = startMs + minutes * minuteMs;
  const event: EventEnvelope = {
    event_id: id,
    event_type: usageRecorded.type,
    timestamp: new Date(timestampMs).toISOString(),
    data: { ...usageRecorded.example, user_id: user, quantity },
    metadata: { source_service: 'test', correlation_id: 'c' },
  };
  const { value } = encodeEvent(event);
  return { topic: usageRecorded.topic, offset: 0n, timestampMs, key: null, value, headers: {} };
};

let sequence = 0;
const decided = (
  eventId: string,
  minutes: number,
  more: Partial<RecordedDecision> = {},
): RecordedDecision => ({
  source: 'test',
  eventId,
  eventType: usageRecorded.type,
  handler: 'used',
  outcome: 'handled',
  outputs: [],
  hasChangedState: true,
  atMs: startMs + minutes * minuteMs,
  sequence: (sequence += 1),
  ...more,
});
const fired = (eventId: string, minutes: number): RecordedDecision =>
  decided(eventId, minutes, { eventType: 'timer:tell', handler: 'told', outcome: 'fired' });

const play = (
  decisions: readonly RecordedDecision[],
  records: readonly InputRecord[],
  untilMinutes = 30,
): Pair[] =>
  new Replay(new ShadowAgent(definition), 'tally', decisions).run(records, startMs + untilMinutes * minuteMs);
/** Minute, who decided, and what the working copy told. */
const shown = (pairs: readonly Pair[]): string[] =>
  pairs.map(({ atMs, production, shadow }) => {
    const who = [production && 'production', shadow && 'shadow'].filter(Boolean).join(' and ');
    const told = shadow?.outputs.map(({ data }) => ` ${(data as { plan: string }).plan}`).join('') ?? '';
    const { eventId, eventType } = (shadow ?? production) as RecordedDecision;
    return `${(atMs - startMs) / minuteMs} ${eventId}${eventType.startsWith('timer:') ? ' timer' : ''}: ${who}${told}`;
  });

describe('a replay', () => {
  it('meets each decision of production at its time, in the order they were made', () => {
    // Read from the topic in another order than it was decided in.
    const records = [used('b', 2), used('a', 1)];
    const pairs = play([decided('a', 5), decided('b', 5)], records);
    expect(shown(pairs)).toEqual(['5 a: production and shadow', '5 b: production and shadow']);
    expect(pairs.map(({ shadow }) => shadow?.outcome)).toEqual(['handled', 'handled']);
  });

  it('decides once on an event that was published twice', () => {
    expect(shown(play([decided('a', 1)], [used('a', 1), used('a', 2)]))).toEqual([
      '1 a: production and shadow',
    ]);
  });

  it.each([
    ['not, when it came before its first decision', 0, ['1 a: production and shadow']],
    ['when it came at that moment', 1, ['1 a: production and shadow', '1 x: shadow']],
    ['when it came afterwards', 3, ['1 a: production and shadow', '3 x: shadow']],
  ])('shows an event production never decided on: %s, at minute %d', (_when, minute, expected) => {
    const records = [used('x', minute, { user: 'bea' }), used('a', 1)];
    expect(shown(play([decided('a', 1)], records))).toEqual(expected);
  });

  it('leaves out what production decided later than it is asked for', () => {
    expect(shown(play([decided('a', 1), decided('b', 31)], [used('a', 1), used('b', 2)]))).toEqual([
      '1 a: production and shadow',
    ]);
  });

  it('goes on after a record that is no event', () => {
    const poison = { ...used('p', 1), value: Buffer.from('{"cut in the mid') };
    expect(shown(play([decided('a', 1)], [poison, { ...poison, value: null }, used('a', 1)]))).toEqual([
      '1 a: production and shadow',
    ]);
  });

  it('finds its way through more decisions than a call takes arguments', () => {
    const many = Array.from({ length: 200_000 }, (_none, n) => decided(`n${n}`, n % 20));
    expect(shown(play(many, [used('n7', 7)]))).toEqual(['7 n7: production and shadow']);
  });
});

describe('the timers of a replay', () => {
  const first = [decided('a', 0)];
  const record = [used('a', 0, { quantity: 4 })];

  it('fire when they did in production, however late', () => {
    expect(shown(play([...first, fired('a', 95)], record, 120))).toEqual([
      '0 a: production and shadow',
      '95 a timer: production and shadow 4',
    ]);
  });

  it.each([
    ['are not missed while production may still be late with them', 64, []],
    ['fire at their own time once it would have fired them', 66, ['60 a timer: shadow 4']],
  ])('that production never fired %s: %d minutes', (_what, until, expected) => {
    expect(shown(play(first, record, until))).toEqual(['0 a: production and shadow', ...expected]);
  });

  it('that production never fired, fire before what comes after them', () => {
    const pairs = play([...first, decided('b', 90)], [...record, used('b', 90, { quantity: 2 })], 100);
    expect(shown(pairs)).toEqual([
      '0 a: production and shadow',
      '60 a timer: shadow 4',
      '90 b: production and shadow',
    ]);
  });

  it('that only production had, are shown as its own', () => {
    expect(shown(play([...first, fired('gone', 10)], record))).toEqual([
      '0 a: production and shadow',
      '10 gone timer: production',
    ]);
  });

  it('are moved by a later event of their key, as in production', () => {
    const pairs = play([...first, decided('b', 30), fired('b', 90)], [...record, used('b', 30)], 120);
    expect(shown(pairs)).toEqual([
      '0 a: production and shadow',
      '30 b: production and shadow',
      '90 b timer: production and shadow 5',
    ]);
  });
});
