import {
  cancelTimer,
  defineState,
  emit,
  setState,
  setTimer,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import {
  agentActivity,
  subscriptionStarted,
  trialStarted,
  usageRecorded,
  type DataOf,
} from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { UsageBench } from '../test/usage-bench.js';
import { AgentModule } from './agent.module.js';
import { AgentHandlers, On, OnTimer } from './decorators/decorators.js';

const seen = defineState({ kind: 'seen', schema: z.object({ quantities: z.array(z.number()) }) });
type Seen = { quantities: number[] };
type Usage = DataOf<typeof usageRecorded>;

/** What the outside world of the test does to the handler: how often each feature still fails. */
const failuresLeft = new Map<string, number>();
/** When each event that should fail was tried, by the agent's own clock. */
const triedMs = new Map<string, number[]>();
/** So far away that it never fires here. */
const farMs = 600_000;

@AgentHandlers()
class FlakyHandlers {
  @On(usageRecorded, { state: seen, retry: { delaysMs: [300, 5_000], afterDeadLetter: 'go-on' } })
  record({ event, state, now }: DecideInput<Seen, Usage>): readonly Output<Seen>[] {
    const { feature, quantity, user_id } = event.data;
    if (feature === 'fatal') throw new FatalError('never');
    triedMs.set(feature, [...(triedMs.get(feature) ?? []), now.getTime()]);
    const left = failuresLeft.get(feature) ?? 0;
    if (left > 0) {
      failuresLeft.set(feature, left - 1);
      throw new Error(`${feature} fails`);
    }
    const quantities = [...(state?.quantities ?? []), quantity];
    const at = now.toISOString();
    const timers =
      feature === 'arm' ? [setTimer('later', new Date(now.getTime() + quantity), { from: quantity })] : [];
    return [
      setState({ quantities }),
      emit(trialStarted, { user_id, plan: quantities.join(), started_at: at, ends_at: at }),
      ...timers,
    ];
  }

  @On(subscriptionStarted, { state: seen })
  disarm(): readonly Output<Seen>[] {
    return [cancelTimer('later')];
  }

  @OnTimer(seen, 'later')
  later({ key, timer, now }: TimerInput<Seen, { from: number }>): readonly Output<Seen>[] {
    const at = now.toISOString();
    return [
      emit(trialStarted, {
        user_id: key.value,
        plan: `fired ${timer.payload.from}`,
        started_at: at,
        ends_at: at,
      }),
    ];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'flaky', startFrom: 'earliest' })],
  controllers: [FlakyHandlers],
})
class FlakyModule {}

describe('an agent whose handlers fail', () => {
  let bench: UsageBench;

  beforeAll(async () => {
    bench = await UsageBench.open('flaky', FlakyModule);
  });
  afterAll(() => bench.close());

  const blocked = async (user: string) =>
    (await bench.pool.query<{ blocked: boolean }>('SELECT blocked FROM sb_key WHERE value = $1', [user]))
      .rows[0]?.blocked;

  it('tries again, keeps the order of the key and lets other keys go on', async () => {
    failuresLeft.set('once', 1);
    await bench.use('a', 'once', 1);
    await bench.use('a', 'fine', 2);
    await bench.use('b', 'fine', 9);
    expect(await bench.untilPlans('b', 1)).toEqual(['9']);
    expect(await bench.untilPlans('a', 2)).toEqual(['1', '1,2']);
    expect(await bench.pendingOf('a')).toEqual([]);
    expect(await blocked('a')).toBe(false);
  });

  it('goes through the retry topic for its delays', async () => {
    failuresLeft.set('twice', 2);
    await bench.use('c', 'twice', 1);
    await eventually(
      () => bench.installation.records('flaky.retry.5s'),
      (records) => records.length > 0,
      'a wake-up record',
    );
    expect(await bench.untilPlans('c', 1)).toEqual(['1']);
    const [, second = NaN, third = NaN] = triedMs.get('twice') ?? [];
    expect(third - second).toBeGreaterThanOrEqual(5_000);
  });

  it('dead-letters after the last attempt, and then the key goes on', async () => {
    failuresLeft.set('always', 3);
    await bench.use('d', 'always', 1);
    await bench.use('d', 'fine', 2);
    expect(await bench.untilPlans('d', 1)).toEqual(['2']);
    const { rows } = await bench.pool.query(
      'SELECT event_type, error_code, attempts, record_value FROM sb_dead_letter WHERE key_value = $1',
      ['d'],
    );
    expect(rows).toMatchObject([{ event_type: 'usage.recorded', error_code: 'handler_failed', attempts: 3 }]);
  });

  it('dead-letters at once what can never succeed', async () => {
    await bench.use('e', 'fatal', 1);
    await bench.use('e', 'fine', 2);
    expect(await bench.untilPlans('e', 1)).toEqual(['2']);
    const { rows } = await bench.pool.query(
      'SELECT error_code, attempts FROM sb_dead_letter WHERE key_value = $1',
      ['e'],
    );
    expect(rows).toEqual([{ error_code: 'handler_fatal', attempts: 1 }]);
  });

  it('fires timers once, and not those that were cancelled', async () => {
    await bench.use('f', 'arm', 200);
    await bench.use('g', 'arm', farMs);
    await bench.untilPlans('g', 1);
    expect(await bench.pendingOf('g')).toEqual(['timer']);
    await bench.installation.publish(subscriptionStarted, {
      user_id: 'g',
      plan: 'p',
      started_at: new Date().toISOString(),
    });
    expect(await bench.untilPlans('f', 2)).toEqual(['200', 'fired 200']);
    await eventually(
      () => bench.pendingOf('g'),
      (rows) => rows.length === 0,
      'the end of the cancelled timer',
    );
    expect(await bench.plansOf('g')).toEqual([String(farMs)]);
    expect(await bench.plansOf('f')).toHaveLength(2);
  });

  it('tells in its activity what happened to each attempt', async () => {
    const outcomes = async () => {
      const entries = (await bench.installation.events(agentActivity)).flatMap(({ data }) => data.entries);
      return [...new Set(entries.map(({ outcome }) => outcome))].sort();
    };
    const all = ['dead_lettered', 'failed', 'fired', 'handled', 'parked'];
    expect(await eventually(outcomes, (seen) => seen.length === all.length, 'all outcomes')).toEqual(all);
  });
});
