import {
  defineState,
  emit,
  setState,
  type Attempt,
  type DecideInput,
  type NoteOutput,
  type Output,
} from '@signalbox/agent-kit';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import {
  remediationRequested,
  trialStarted,
  usageRecorded,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { sign } from '@signalbox/webhooks';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { AgentModule } from '../agent.module.js';
import { AgentHandlers, On, Perform } from '../decorators/decorators.js';
import { launchAgent, type RunningAgent } from '../start-agent.js';

const secret = 'a-secret-for-tests-only';
const before = 'the-secret-before-that-one';
const seen = defineState({ kind: 'seen', schema: z.object({ quantities: z.array(z.number()) }) });
interface Seen {
  quantities: number[];
}
const performed: string[] = [];
let isFailing = false;

@AgentHandlers()
class EndpointHandlers {
  @On(usageRecorded, {
    state: seen,
    maxAgeMs: 86_400_000,
    retry: { delaysMs: Array.from({ length: 90 }, () => 300), afterDeadLetter: 'go-on' },
  })
  record({ event, state, now }: DecideInput<Seen, DataOf<typeof usageRecorded>>): readonly Output<Seen>[] {
    if (isFailing) throw new Error('not yet');
    const { quantity, user_id } = event.data;
    const quantities = [...(state?.quantities ?? []), quantity];
    const at = now.toISOString();
    const data = { user_id, plan: quantities.join(), started_at: at, ends_at: at };
    return [setState({ quantities }), emit(trialStarted, data)];
  }

  @Perform(remediationRequested, {
    destination: () => 'somewhere',
    unknownOutcome: 'repeat',
    giveUp: () => [],
  })
  async act(
    event: EventEnvelope<DataOf<typeof remediationRequested>>,
    _attempt: Attempt,
  ): Promise<readonly NoteOutput[]> {
    performed.push(event.event_id);
    return [];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'endpoint', startFrom: 'earliest', endpoint: 'its-old-name' })],
  controllers: [EndpointHandlers],
})
class EndpointModule {}

describe("an agent's own endpoint", () => {
  let installation: Installation;
  let agent: RunningAgent;
  let pool: Pool;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['endpoint'] });
    const settings = { INTAKE_SECRET: secret, INTAKE_SECRET_BEFORE: before };
    agent = await launchAgent(EndpointModule, installation.environment(settings));
    const url = installation.databaseUrl;
    pool = createPool({ url, schema: 'endpoint', max: 2, onError: () => undefined });
  });
  afterAll(async () => {
    await agent.stop();
    await pool.end();
    await installation.close();
  });

  const usage = (id: string, user: string, quantity: number): EventEnvelope => ({
    event_id: id,
    event_type: usageRecorded.type,
    timestamp: new Date().toISOString(),
    data: { user_id: user, feature: 'f', quantity, unit: 'call' },
    metadata: { source_service: 'billing', correlation_id: `story-${id}` },
  });
  interface Sending {
    readonly path?: string;
    readonly key?: string;
    readonly headers?: Record<string, string>;
  }
  async function post(event: unknown, { path = 'endpoint-agent', key = secret, headers }: Sending = {}) {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const response = await fetch(`${agent.url}/webhooks/${path}`, {
      method: 'POST',
      body,
      headers: headers ?? { 'content-type': 'application/json', ...sign({ rawBody: body, secret: key }) },
    });
    return { status: response.status, body: (await response.json()) as { outcome?: string; code?: string } };
  }
  const plansOf = async (user: string): Promise<string[]> =>
    (await installation.events(trialStarted))
      .filter(({ data }) => data.user_id === user)
      .map(({ data }) => data.plan);
  const untilPlans = (user: string, count: number): Promise<string[]> =>
    eventually(
      () => plansOf(user),
      (plans) => plans.length >= count,
      `${count} plans of ${user}`,
    );

  it('takes a signed event under both of its names and handles it', async () => {
    expect(await post(usage('http-1', 'ada', 1))).toEqual({ status: 202, body: { outcome: 'taken' } });
    expect((await post(usage('http-2', 'ada', 2), { path: 'its-old-name', key: before })).status).toBe(202);
    expect(await untilPlans('ada', 2)).toEqual(['1', '1,2']);
    const left = await pool.query("SELECT 1 FROM sb_pending WHERE key_value = 'ada'");
    expect(left.rowCount).toBe(0);
    const keys = await pool.query("SELECT blocked FROM sb_key WHERE value = 'ada'");
    expect(keys.rows).toEqual([{ blocked: false }]);
  });

  it('handles an event once that comes over Kafka and over the endpoint, in either order', async () => {
    const first = usage('both-1', 'bea', 1);
    expect((await post(first)).body).toEqual({ outcome: 'taken' });
    await installation.publish(usageRecorded, first.data as never, first as never);
    const second = usage('both-2', 'bea', 2);
    await installation.publish(usageRecorded, second.data as never, second as never);
    await untilPlans('bea', 2);
    expect((await post(second)).body).toEqual({ outcome: 'duplicate' });
    expect((await post(first)).body).toEqual({ outcome: 'duplicate' });
    expect((await post(usage('both-3', 'bea', 3))).body).toEqual({ outcome: 'taken' });
    expect(await untilPlans('bea', 3)).toEqual(['1', '1,2', '1,2,3']);
    expect((await post({ ...first, data: { ...(first.data as object), quantity: 9 } })).status).toBe(409);
  });

  it('keeps the order of a key among both ways while an event of it fails', async () => {
    isFailing = true;
    await post(usage('order-1', 'cyd', 1));
    await installation.publish(usageRecorded, usage('x', 'cyd', 2).data as never);
    await eventually(
      () => pool.query("SELECT 1 FROM sb_pending WHERE key_value = 'cyd' AND kind = 'parked'"),
      ({ rowCount }) => rowCount === 1,
      'the event over Kafka behind the one over the endpoint',
    );
    await post(usage('order-3', 'cyd', 3));
    isFailing = false;
    expect(await untilPlans('cyd', 3)).toEqual(['1', '1,2', '1,2,3']);
  });

  it("makes a connector's request a job, and records what is too old as skipped", async () => {
    const { example } = remediationRequested;
    const event = { ...usage('job-1', 'dee', 1), event_type: remediationRequested.type, data: example };
    expect((await post(event)).body).toEqual({ outcome: 'taken' });
    await eventually(
      () => Promise.resolve(performed),
      (all) => all.includes('job-1'),
      'the act',
    );
    const old = { ...usage('old-1', 'dee', 1), timestamp: '2020-01-01T00:00:00Z' };
    expect((await post(old)).body).toEqual({ outcome: 'skipped' });
    expect((await post(old)).body).toEqual({ outcome: 'duplicate' });
    expect(await plansOf('dee')).toEqual([]);
  });

  it.each([
    [
      'without a signature',
      {},
      { headers: { 'content-type': 'application/json' } },
      401,
      'signature_missing',
    ],
    ['signed with another secret', {}, { key: 'some-other-secret' }, 403, 'signature_invalid'],
    ['at another address', {}, { path: 'other-agent' }, 404, 'not_found'],
    ['as text', 'x', { headers: { 'content-type': 'text/plain' } }, 415, 'media_type_unsupported'],
    ['that is no JSON', '{', {}, 422, 'envelope_malformed'],
    ['of a type it does not take', { event_type: 'shipping_delay' }, {}, 422, 'event_type_unknown'],
    ['that breaks its contract', { data: { user_id: 'ada' } }, {}, 422, 'event_invalid'],
    ['that is too large', 'x'.repeat(1_100_000), {}, 413, 'body_too_large'],
  ])('refuses an event %s', async (_what, change, sending, status, code) => {
    const event = typeof change === 'string' ? change : { ...usage('bad', 'eve', 1), ...change };
    expect(await post(event, sending)).toMatchObject({ status, body: { code } });
    expect(await plansOf('eve')).toEqual([]);
  });
});
