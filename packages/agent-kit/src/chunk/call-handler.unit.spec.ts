import { emailRequested } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent, counter, keyRow, mail, onSignUp, signUp } from '../../test/agent.js';
import type { DecideHandler } from '../handlers.js';
import { cancelTimer, clearState, emit, note, setState, setTimer, type Output } from '../outputs.js';
import { activityBase, keepHandled } from './activity-base.js';
import { callDecide, causeOf, type CallResult } from './call-handler.js';
import { Effects } from './effects.js';
import { KeyCells } from './key-cells.js';

const now = new Date('2026-04-05T12:00:01Z');
const key = counter.key('usr-1');
/** A clock that moves on by 2.5 ms with every look. */
const ticking = () => {
  let ms = 0;
  return { nowMs: () => 0, monotonicMs: () => (ms += 2.5), sleep: () => Promise.resolve() };
};

function call(decide: DecideHandler['decide'], state: object | null = null) {
  const cells = new KeyCells([keyRow({ state: state && JSON.stringify(state), stateVersion: 1 })], []);
  const context = { agent, clock: ticking() } as never;
  const result = callDecide({ ...onSignUp, decide }, signUp, key, cells, now, context);
  return { result, cell: cells.cell(key) };
}
const handled = (result: CallResult) => {
  if (result.kind !== 'handled') throw new Error('it failed', { cause: result.thrown });
  return result;
};

describe('callDecide', () => {
  it('hands the handler event, key, state and time, and nothing it could spoil', () => {
    const seen: unknown[] = [];
    const { cell } = call(
      (input) => {
        seen.push(input.event.event_id, input.key, input.state, input.now);
        (input.state as { total: number }).total = 99;
        return [];
      },
      { total: 1 },
    );
    expect(seen).toEqual(['evt-1', key, { total: 99 }, now]);
    expect(cell.read(counter)).toEqual({ total: 1 });
  });

  it('tells how long the handler took', () => {
    expect(handled(call(() => []).result).durationUs).toBe(2_500);
  });

  it.each<[string, Output<{ total: number }>[], { total: number } | undefined, boolean]>([
    ['nothing', [], { total: 1 }, false],
    ['a new state', [setState({ total: 2 })], { total: 2 }, true],
    ['the state it had', [setState({ total: 1 })], { total: 1 }, false],
    ['no state any more', [clearState()], undefined, true],
    ['the last of two states', [setState({ total: 5 }), setState({ total: 6 })], { total: 6 }, true],
  ])('leaves the key with %s', (_what, outputs, state, hasChanged) => {
    const { result, cell } = call(() => outputs, { total: 1 });
    handled(result);
    expect([cell.read(counter), cell.stateChanged]).toEqual([state, hasChanged]);
  });

  it.each<[string, DecideHandler['decide']]>([
    [
      'throws',
      () => {
        throw new TypeError('a bug');
      },
    ],
    ['returns a state that breaks its schema', () => [setState({ total: 'many' })]],
    [
      'emits an event that breaks its contract',
      () => [setState({ total: 2 }), emit(emailRequested, { ...mail('x'), to: 'nowhere' })],
    ],
    ['sets a timer without a date', () => [setState({ total: 2 }), setTimer('t', new Date(Number.NaN))]],
    ['returns no list', () => undefined as never],
  ])('leaves the key as it was when the handler %s', (_what, decide) => {
    const { result, cell } = call(decide, { total: 1 });
    expect(result.kind).toBe('failed');
    expect([cell.read(counter), cell.write()]).toEqual([{ total: 1 }, undefined]);
  });

  it('lets a handler that fails see what the one before it wrote, and keeps that', () => {
    const cells = new KeyCells([keyRow()], []);
    const context = { agent, clock: ticking() } as never;
    const run = (decide: DecideHandler['decide']) =>
      callDecide({ ...onSignUp, decide }, signUp, key, cells, now, context);
    handled(run(() => [setState({ total: 1 }), emit(emailRequested, mail('a'))]));
    expect(
      run(({ state }) => {
        throw new SignalboxError('handler_fatal', JSON.stringify(state));
      }),
    ).toMatchObject({
      kind: 'failed',
      thrown: { message: '{"total":1}' },
    });
    expect(cells.writes()).toMatchObject([{ state: '{"total":1}', changed: true, emitted: true }]);
  });
});

describe('causeOf', () => {
  it('carries the story of the event on', () => {
    expect(causeOf(signUp, 'greet', 'greeter', now)).toEqual({
      agent: 'greeter',
      handler: 'greet',
      cause: JSON.stringify(['event', 'auth', 'evt-1']),
      source: 'auth',
      eventId: 'evt-1',
      correlationId: 'story-1',
      hops: 2,
      now,
    });
    const { hops: _hops, ...metadata } = signUp.metadata;
    expect(causeOf({ ...signUp, metadata }, 'greet', 'greeter', now).hops).toBe(0);
  });
});

describe('keepHandled', () => {
  it('keeps events, timers and one line of activity that names them', () => {
    const { result } = call(() => [emit(emailRequested, mail('a')), cancelTimer('t'), note('greeted')]);
    const effects = new Effects();
    keepHandled(effects, handled(result), activityBase(signUp, 'greet'), 3, true, 'fired');
    expect(effects.events.map(({ topic }) => topic)).toEqual([emailRequested.topic]);
    expect(effects.timers).toMatchObject([{ action: 'cancel', name: 't' }]);
    expect(effects.activity).toEqual([
      {
        event_id: 'evt-1',
        source: 'auth',
        event_type: 'user.signed_up',
        correlation_id: 'story-1',
        handler: 'greet',
        outcome: 'fired',
        attempt: 3,
        duration_us: 2_500,
        outputs: handled(result).applied.emitted,
        state_changed: true,
        note: 'greeted',
      },
    ]);
  });
});
