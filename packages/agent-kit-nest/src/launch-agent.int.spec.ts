import { defineState, emit, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { agentActivity, trialStarted, usageRecorded, userSignedUp, type DataOf } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { createPool } from '@signalbox/agent-kit-postgres';
import { z } from 'zod';
import { AgentModule } from './agent.module.js';
import { AgentHandlers, On } from './decorators/decorators.js';
import { launchAgent, type RunningAgent } from './start-agent.js';

const tally = defineState({
  kind: 'tally',
  schema: z.object({ total: z.number(), features: z.array(z.string()) }),
});
type Tally = { total: number; features: string[] };

@AgentHandlers()
class CounterHandlers {
  @On(usageRecorded, { state: tally })
  count({ event, state, now }: DecideInput<Tally, DataOf<typeof usageRecorded>>): Output<Tally>[] {
    const { user_id, feature, quantity } = event.data;
    if (feature === 'explode') throw new FatalError('this feature explodes');
    const next = { total: (state?.total ?? 0) + quantity, features: [...(state?.features ?? []), feature] };
    const at = now.toISOString();
    return [
      setState(next),
      emit(trialStarted, { user_id, plan: `total ${next.total}`, started_at: at, ends_at: at }),
    ];
  }

  @On(userSignedUp)
  greet(): Output[] {
    return [];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'counter', startFrom: 'earliest' })],
  controllers: [CounterHandlers],
})
class CounterModule {}

describe('an agent app', () => {
  let installation: Installation;
  let agent: RunningAgent | undefined;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['counter'] });
  });
  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
  });
  afterAll(() => installation.close());

  const usage = (user: string, feature: string, quantity = 1) => ({
    user_id: user,
    feature,
    quantity,
    unit: 'call',
  });
  const start = async () => (agent = await launchAgent(CounterModule, installation.environment()));
  const totalsOf = async (user: string) =>
    (await installation.events(trialStarted))
      .filter(({ data }) => data.user_id === user)
      .map(({ data }) => data.plan);

  it('handles events once each, in order per key, whatever is repeated', async () => {
    await start();
    const events = [];
    for (const quantity of [1, 2, 3])
      events.push(await installation.publish(usageRecorded, usage('u1', `f${quantity}`, quantity)));
    for (const event of events) await installation.publish(usageRecorded, event.data as never, event);
    await eventually(
      () => totalsOf('u1'),
      (totals) => totals.length === 3,
      'three totals',
    );
    expect(await totalsOf('u1')).toEqual(['total 1', 'total 3', 'total 6']);
    const activity = await eventually(
      async () => (await installation.events(agentActivity)).flatMap(({ data }) => data.entries),
      (entries) => entries.filter(({ outcome }) => outcome === 'duplicate').length >= 3,
      'three duplicates in the activity',
    );
    expect(
      activity.filter(({ outcome, event_type }) => outcome === 'handled' && event_type === 'usage.recorded'),
    ).toHaveLength(3);
  });

  it('carries the story on: correlation, causation, hops and a derived id', async () => {
    await start();
    const cause = await installation.publish(usageRecorded, usage('u2', 'f'), {
      metadata: { source_service: 'shop', correlation_id: 'story-1', hops: 4 },
    });
    const emitted = await eventually(
      async () => (await installation.events(trialStarted)).find(({ data }) => data.user_id === 'u2'),
      (event) => event !== undefined,
      'the emitted event',
    );
    expect(emitted?.metadata).toMatchObject({
      source_service: 'counter',
      correlation_id: 'story-1',
      causation_id: cause.event_id,
      hops: 5,
      schema_version: 1,
    });
    expect(emitted?.event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
  });

  it('dead-letters what throws and what cannot be read, and goes on with the next record', async () => {
    await start();
    await installation.publish(usageRecorded, usage('u3', 'explode'));
    await installation.send('usage.recorded', {
      key: Buffer.from('u3'),
      value: Buffer.from('{"not json'),
      headers: {},
    });
    await installation.send('usage.recorded', { key: Buffer.from('u3'), value: null, headers: {} });
    await installation.publish(usageRecorded, { ...usage('u3', 'f'), quantity: -1 });
    await installation.publish(usageRecorded, usage('u3', 'fine', 7));
    await eventually(
      () => totalsOf('u3'),
      (totals) => totals.length === 1,
      'the record after the poison',
    );
    expect(await totalsOf('u3')).toEqual(['total 7']);
    const letters = await eventually(
      () => installation.records('counter.dlq'),
      (records) => records.length >= 4,
      'four dead letters',
    );
    expect(letters.map(({ headers }) => headers['sb-error-code']?.toString()).sort()).toEqual([
      'envelope_malformed',
      'envelope_malformed',
      'event_invalid',
      'handler_fatal',
    ]);
    expect(letters.map(({ value }) => value?.toString())).toContain('{"not json');
  });

  it('goes on where it was after a stop, and answers for its health', async () => {
    const first = await start();
    await eventually(
      async () => (await fetch(`${first.url}/health/ready`)).status,
      (status) => status === 200,
      'readiness',
    );
    expect(await (await fetch(`${first.url}/metrics`)).text()).toContain('process_cpu_seconds_total');
    await first.stop();
    agent = undefined;
    await installation.publish(usageRecorded, usage('u4', 'while away', 2));
    await start();
    await eventually(
      () => totalsOf('u4'),
      (totals) => totals.length === 1,
      'the event published while it was away',
    );
    await installation.publish(usageRecorded, usage('u4', 'again', 2));
    await eventually(
      () => totalsOf('u4'),
      (totals) => totals.length === 2,
      'the next event',
    );
    expect(await totalsOf('u4')).toEqual(['total 2', 'total 4']);
  });

  it('publishes what a killed process committed and could not publish', async () => {
    await (await start()).stop();
    agent = undefined;
    const pool = createPool({
      url: installation.databaseUrl,
      schema: 'counter',
      max: 1,
      onError: () => undefined,
    });
    await pool.query(
      `INSERT INTO sb_outbox (chunk, owner, origin_topic, origin_partition, topic, partition, records)
       VALUES (1, gen_random_uuid(), 'usage.recorded', 0, 'incident.updated', 0, $1)`,
      [
        Buffer.from(
          '00000001780000000179' + '0000000e' + Buffer.from('{"headers":{}}').toString('hex'),
          'hex',
        ),
      ],
    );
    await start();
    const found = await eventually(
      () => installation.records('incident.updated'),
      (records) => records.length > 0,
      'the row left behind',
    );
    expect(found.map(({ key, value }) => [key?.toString(), value?.toString()])).toEqual([['x', 'y']]);
    const rows = await eventually(
      async () => (await pool.query('SELECT 1 FROM sb_outbox')).rowCount,
      (count) => count === 0,
      'an empty outbox',
    );
    expect(rows).toBe(0);
    await pool.end();
  });
});
