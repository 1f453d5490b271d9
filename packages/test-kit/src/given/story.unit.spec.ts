import {
  cancelTimer,
  clearState,
  defineState,
  emit,
  note,
  setState,
  setTimer,
  type AnyHandler,
  type DecideHandler,
  type Output,
  type TimerHandler,
} from '@signalbox/agent-kit';
import {
  defineInternalContract,
  entityId,
  usageRecorded,
  userSignedUp,
  type DataOf,
} from '@signalbox/contracts';
import { z } from 'zod';
import { event } from './event.js';
import { Story } from './story.js';

const counter = defineState({ kind: 'counter', schema: z.strictObject({ total: z.number() }) });
const counted = defineInternalContract('sample', {
  type: 'sample.counted',
  summary: 'A user was counted.',
  schema: z.looseObject({ plan: entityId, user_id: entityId }),
  keyField: 'plan',
  example: { plan: 'free', user_id: 'usr-1' },
});
type Counter = { readonly total: number };
const minute = 60_000;

const signUps: DecideHandler<Counter, DataOf<typeof userSignedUp>> = {
  kind: 'decide',
  name: 'signUps',
  contract: userSignedUp,
  state: counter,
  maxAgeMs: 60 * minute,
  decide: ({ event: { data }, now }) => [
    setState({ total: 0 }),
    setTimer('remind', new Date(now.getTime() + 10 * minute), { plan: data.plan }),
    emit(counted, { plan: data.plan, user_id: data.user_id }),
  ],
};
const usages: DecideHandler<Counter, DataOf<typeof usageRecorded>> = {
  kind: 'decide',
  name: 'usages',
  contract: usageRecorded,
  state: counter,
  reads: () => [counter.key('free')],
  decide: ({ event: { data }, state, read }) => {
    const total = (state?.total ?? 0) + data.quantity;
    if (data.unit === 'reset') return [clearState(), cancelTimer('remind')];
    if (data.unit === 'peek') return [note(`${read(counter, data.feature)?.total}`)];
    return [setState({ total })];
  },
};
const plans: DecideHandler<Counter, DataOf<typeof counted>> = {
  kind: 'decide',
  name: 'plans',
  contract: counted,
  state: counter,
  decide: ({ state }) => [setState({ total: (state?.total ?? 0) + 1 })],
};
const reminder: TimerHandler<Counter, { plan: string }> = {
  kind: 'timer',
  name: 'reminder',
  timer: 'remind',
  state: counter,
  fire: ({ timer, state, now }) => [note(`${timer.payload.plan} ${state?.total} ${now.toISOString()}`)],
};
const handlers: AnyHandler[] = [signUps, usages, plans, reminder];
const signUp = (user: string, at: string, eventId = `up-${user}`) =>
  event(
    userSignedUp,
    { ...userSignedUp.example, user_id: user, plan: 'free' },
    { at, eventId, correlationId: `story-${user}` },
  );
const usage = (user: string, id: string, at: string, more: Partial<DataOf<typeof usageRecorded>> = {}) =>
  event(
    usageRecorded,
    { user_id: user, feature: 'export', quantity: 2, unit: 'call', ...more },
    { at, eventId: id },
  );
const storyOf = (startsAt?: string) => new Story({ name: 'sample', handlers }, startsAt);

describe('Story', () => {
  it('carries state per key and feeds the agent its own internal events', () => {
    const story = storyOf();
    story.publish(signUp('a', '2026-04-05T12:00:00Z'));
    story.publish(signUp('b', '2026-04-05T12:01:00Z'));
    story.publish(usage('a', 'u1', '2026-04-05T12:02:00Z'));
    expect(story.state(counter, 'a')).toEqual({ total: 2 });
    expect(story.state(counter, 'b')).toEqual({ total: 0 });
    expect(story.state(counter, 'free')).toEqual({ total: 2 });
    expect(story.emitted(counted).map(({ user_id }) => user_id)).toEqual(['a', 'b']);
    expect(story.events[0]?.metadata).toEqual({
      source_service: 'sample',
      correlation_id: 'story-a',
      causation_id: 'up-a',
      hops: 1,
    });
  });

  it('handles the same event once and skips one that is too old', () => {
    const story = storyOf('2026-04-05T12:00:00Z');
    expect(story.publish(usage('a', 'u1', '2026-04-05T12:00:00Z'))).toBe('handled');
    expect(story.publish(usage('a', 'u1', '2026-04-05T12:00:00Z'))).toBe('duplicate');
    expect(story.state(counter, 'a')).toEqual({ total: 2 });
    expect(story.publish(signUp('a', '2026-04-05T10:59:59Z'))).toBe('skipped');
    expect(story.publish(signUp('b', '2026-04-05T11:00:00Z'))).toBe('handled');
  });

  it('fires timers at their due time, before the events that come later', () => {
    const story = storyOf();
    story.publish(signUp('a', '2026-04-05T12:00:00Z'));
    expect(story.timers('a')).toMatchObject([{ name: 'remind', setBy: 'up-a', correlationId: 'story-a' }]);
    story.advanceTo('2026-04-05T12:09:59Z');
    expect(story.notes).toEqual([]);
    story.publish(usage('a', 'u1', '2026-04-05T12:30:00Z'));
    expect(story.notes).toEqual(['free 0 2026-04-05T12:10:00.000Z']);
    expect(story.now.toISOString()).toBe('2026-04-05T12:30:00.000Z');
    expect(story.timers()).toEqual([]);
  });

  it('cancels and moves timers, forgets cleared state', () => {
    const story = storyOf();
    story.publish(signUp('a', '2026-04-05T12:00:00Z'));
    story.publish(signUp('a', '2026-04-05T12:05:00Z', 'again'));
    expect(story.timers('a').map(({ dueAt }) => dueAt.toISOString())).toEqual(['2026-04-05T12:15:00.000Z']);
    story.publish(usage('a', 'u1', '2026-04-05T12:06:00Z', { unit: 'reset' }));
    story.advanceBy(60 * minute);
    expect(story.notes).toEqual([]);
    expect(story.state(counter, 'a')).toBeUndefined();
  });

  it('lets a handler read only the keys it named', () => {
    const story = storyOf();
    story.publish(signUp('a', '2026-04-05T12:00:00Z'));
    story.publish(usage('a', 'u1', '2026-04-05T12:01:00Z', { unit: 'peek', feature: 'free' }));
    expect(story.notes).toEqual(['1']);
    const secret = usage('a', 'u2', '2026-04-05T12:02:00Z', { unit: 'peek', feature: 'other' });
    expect(() => story.publish(secret)).toThrow("'usages' reads counter/other, which its reads do not name");
  });

  it('keeps its clock from going back, also for late events', () => {
    const story = storyOf('2026-04-05T12:00:00Z');
    story.publish(usage('a', 'late', '2026-04-05T11:30:00Z'));
    expect(story.now.toISOString()).toBe('2026-04-05T12:00:00.000Z');
    expect(() => story.advanceTo('2026-04-05T11:00:00Z')).toThrow('does not go back');
    expect(() => storyOf().now).toThrow('no time before its first event');
  });

  it('ends on events without a handler, on timers without a handler and on endless loops', () => {
    const first = signUp('a', '2026-04-05T12:00:00Z');
    expect(() => new Story({ name: 'sample', handlers: [usages] }).publish(first)).toThrow(
      'no handler for user.signed_up',
    );
    const deaf = new Story({ name: 'sample', handlers: [signUps, plans] });
    deaf.publish(first);
    expect(() => deaf.advanceBy(60 * minute)).toThrow("no handler for timer 'remind'");
    const echo: DecideHandler<Counter, DataOf<typeof counted>> = {
      ...plans,
      decide: ({ event: { data } }): Output<Counter>[] => [emit(counted, data)],
    };
    expect(() => new Story({ name: 'sample', handlers: [signUps, echo, reminder] }).publish(first)).toThrow(
      'feeds itself',
    );
    const tick: TimerHandler<Counter> = { ...reminder, fire: ({ now }) => [setTimer('remind', now)] };
    const clock = new Story({ name: 'sample', handlers: [signUps, plans, tick] });
    clock.publish(first);
    expect(() => clock.advanceBy(60 * minute)).toThrow('sets itself without end');
  });
});
