import { encodeEvent, trialStarted, usageRecorded, type EventEnvelope } from '@signalbox/contracts';
import { z } from 'zod';
import type { AgentDefinition, AnyHandler } from '../handlers.js';
import { emit, note, setState, setTimer } from '../outputs.js';
import type { IncomingRecord } from '../ports/records.js';
import { defineState } from '../state.js';
import { ShadowAgent, type ShadowDecision } from './shadow-agent.js';

const tally = defineState({ kind: 'tally', schema: z.object({ total: z.number() }) });
type Tally = z.infer<typeof tally.schema>;
const at = new Date('2026-04-05T12:00:00Z');

const handlers = [
  {
    kind: 'decide',
    name: 'used',
    contract: usageRecorded,
    state: tally,
    maxAgeMs: 60_000,
    decide: ({ event, state }) => {
      const { quantity, user_id } = event.data as typeof usageRecorded.example;
      if (quantity === 13) throw new TypeError('thirteen');
      const total = ((state as Tally | undefined)?.total ?? 0) + quantity;
      return [
        setState({ total }),
        setTimer('later', new Date('2026-04-06T12:00:00Z'), { from: quantity }),
        emit(trialStarted, { ...trialStarted.example, user_id, plan: String(total) }),
        note('counted'),
      ];
    },
  },
  {
    kind: 'timer',
    name: 'later',
    timer: 'later',
    state: tally,
    fire: ({ timer, state }) => [
      emit(trialStarted, {
        ...trialStarted.example,
        plan: `${String((state as Tally).total)} ${JSON.stringify(timer.payload)}`,
      }),
    ],
  },
] satisfies AnyHandler[];
const definition: AgentDefinition = { name: 'tally', startFrom: 'earliest', codeVersion: 'test', handlers };

const envelope = (id: string, quantity: number, more: Partial<EventEnvelope> = {}): EventEnvelope => ({
  event_id: id,
  event_type: usageRecorded.type,
  timestamp: at.toISOString(),
  data: { ...usageRecorded.example, quantity },
  metadata: { source_service: 'test', correlation_id: 'c' },
  ...more,
});
const record = (event: EventEnvelope): IncomingRecord => ({
  offset: 0n,
  timestampMs: at.getTime(),
  key: null,
  value: encodeEvent(event).value,
  headers: {},
});

describe('ShadowAgent', () => {
  const decideOn = (agent: ShadowAgent, event: EventEnvelope, now = at): ShadowDecision[] => {
    const item = agent.read(usageRecorded.topic, record(event));
    return item ? item.units.map((unit) => agent.decide(item, unit, now)) : [];
  };
  const plans = (decisions: readonly ShadowDecision[]): unknown[] =>
    decisions.flatMap(({ outputs }) => outputs.map(({ data }) => (data as { plan: string }).plan));

  it('keeps state from event to event and derives the same ids every time', () => {
    const [one, two] = [new ShadowAgent(definition), new ShadowAgent(definition)];
    const first = [...decideOn(one, envelope('a', 1)), ...decideOn(one, envelope('b', 2))];
    const second = [...decideOn(two, envelope('a', 1)), ...decideOn(two, envelope('b', 2))];
    expect(plans(first)).toEqual(['1', '3']);
    expect(first).toEqual(second);
    expect(first[0]).toMatchObject({ outcome: 'handled', hasChangedState: true, note: 'counted' });
    expect(first[0]?.outputs[0]).toMatchObject({
      metadata: { source_service: 'tally', causation_id: 'a', correlation_id: 'c', hops: 1 },
    });
  });

  it('keeps nothing of a handler that throws', () => {
    const agent = new ShadowAgent(definition);
    decideOn(agent, envelope('a', 1));
    const [failed] = decideOn(agent, envelope('b', 13));
    expect(failed).toMatchObject({ outcome: 'failed', outputs: [], errorCode: 'handler_failed' });
    expect(plans(decideOn(agent, envelope('c', 1)))).toEqual(['2']);
  });

  it('skips what is too old, and reads nothing that breaks its contract', () => {
    const agent = new ShadowAgent(definition);
    const late = new Date(at.getTime() + 60_001);
    expect(decideOn(agent, envelope('a', 1), late)).toMatchObject([{ outcome: 'skipped', outputs: [] }]);
    expect(agent.read(usageRecorded.topic, record(envelope('b', -1)))).toBeUndefined();
    expect(agent.read('service_down', record(envelope('c', 1)))).toBeUndefined();
  });

  it('fires a timer once, with its payload, for the event that set it', () => {
    const agent = new ShadowAgent(definition);
    decideOn(agent, envelope('a', 1));
    decideOn(agent, envelope('b', 2));
    const [timer, ...others] = agent.timers();
    expect(others).toEqual([]);
    expect(timer).toMatchObject({ name: 'later', setBy: { source: 'test', eventId: 'b' } });
    const fired = timer && agent.fire(timer, at);
    expect(fired).toMatchObject({
      eventType: 'timer:later',
      eventId: 'b',
      handler: 'later',
      outcome: 'fired',
    });
    expect(plans(fired ? [fired] : [])).toEqual(['3 {"from":2}']);
    expect(agent.timers()).toEqual([]);
  });
});
