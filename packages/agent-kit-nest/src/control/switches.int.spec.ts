import {
  defineState,
  emit,
  setState,
  type Attempt,
  type DecideInput,
  type EmitOutput,
  type Output,
} from '@signalbox/agent-kit';
import {
  emailFailed,
  emailRequested,
  trialStarted,
  usageRecorded,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { UsageBench } from '../../test/usage-bench.js';
import { AgentModule } from '../agent.module.js';
import { AgentHandlers, On, Perform } from '../decorators/decorators.js';

const seen = defineState({ kind: 'seen', schema: z.object({ quantities: z.array(z.number()) }) });
type Seen = { quantities: number[] };

const broken = new Set<string>();
const sent: string[] = [];

@AgentHandlers()
class HeldHandlers {
  @On(usageRecorded, { state: seen, retry: { delaysMs: [], afterDeadLetter: 'stay-blocked' } })
  record({ event, state, now }: DecideInput<Seen, DataOf<typeof usageRecorded>>): readonly Output<Seen>[] {
    const { feature, quantity, user_id } = event.data;
    if (broken.has(feature)) throw new FatalError(`${feature} is broken`);
    const quantities = [...(state?.quantities ?? []), quantity];
    const at = now.toISOString();
    const data = { user_id, plan: quantities.join(), started_at: at, ends_at: at };
    return [setState({ quantities }), emit(trialStarted, data)];
  }

  @Perform(emailRequested, {
    destination: () => 'mail',
    unknownOutcome: 'repeat',
    retry: { delaysMs: [], afterDeadLetter: 'go-on' },
    giveUp: ({ data }: EventEnvelope<DataOf<typeof emailRequested>>, failure) => [
      emit(emailFailed, { ...emailFailed.example, recipient_id: data.recipient_id, reason: failure.reason }),
    ],
  })
  send(
    { data }: EventEnvelope<DataOf<typeof emailRequested>>,
    attempt: Attempt,
  ): Promise<readonly EmitOutput[]> {
    if (broken.has(data.recipient_id)) throw new FatalError('the receiver says no');
    sent.push(`${data.recipient_id} ${attempt.idempotencyKey}`);
    return Promise.resolve([]);
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'held', startFrom: 'earliest' })],
  controllers: [HeldHandlers],
})
class HeldModule {}

const token = 'a-token-for-tests-only';

describe('switches, caps and keys that wait for a person', () => {
  let bench: UsageBench;

  beforeAll(async () => {
    bench = await UsageBench.open('held', HeldModule, { CONTROL_TOKEN: token, EFFECTS_PER_HOUR_MAX: '4' });
  });
  afterAll(() => bench.close());

  const control = async (path: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${bench.agent.url}/control${path}`, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  };
  const mail = (recipient: string) =>
    bench.installation.publish(emailRequested, { ...emailRequested.example, recipient_id: recipient });
  const untilRows = (user: string, count: number) =>
    eventually(
      () => bench.pendingOf(user),
      (rows) => rows.length === count,
      `${count} rows of ${user}`,
    );
  const letterOf = async (value: string): Promise<string> => {
    const rows = await eventually(
      async () =>
        (
          await bench.pool.query<{ id: string }>(
            `SELECT id FROM sb_dead_letter WHERE (key_value = $1 OR event_id = $1) AND status = 'open'`,
            [value],
          )
        ).rows,
      (found) => found.length > 0,
      `a dead letter of ${value}`,
    );
    return rows[0]?.id ?? '';
  };
  const sentTo = (recipient: string): string[] => sent.filter((line) => line.startsWith(`${recipient} `));

  it('leaves a key blocked that waits for a person, who releases it', async () => {
    broken.add('bad');
    await bench.use('wait', 'bad', 1);
    await letterOf('wait');
    await bench.use('wait', 'good', 2);
    await untilRows('wait', 1);
    const keys = (await control('/keys')).body as { keys: object[] };
    expect(keys.keys).toContainEqual(
      expect.objectContaining({
        value: 'wait',
        waiting: 1,
        waits_for_person: true,
        next_attempt_at: null,
        error_code: 'handler_fatal',
      }),
    );
    expect(await control('/keys/release', { kind: 'seen', value: 'wait', by: 'ann' })).toMatchObject({
      status: 200,
    });
    expect(await bench.untilPlans('wait', 1)).toEqual(['2']);
    expect((await control('/keys')).body).toEqual({ keys: [] });
  });

  it('goes on in the old order when the letter that blocked its key is redriven', async () => {
    broken.add('bad');
    await bench.use('mend', 'bad', 1);
    const id = await letterOf('mend');
    await bench.use('mend', 'good', 2);
    await untilRows('mend', 1);
    broken.delete('bad');
    expect(await control(`/dead-letters/${id}/redrive`, { by: 'ann' })).toMatchObject({ status: 200 });
    expect(await bench.untilPlans('mend', 2)).toEqual(['1', '1,2']);
  });

  it('takes requests while effects are held, and acts on them afterwards', async () => {
    expect(await control('/effects/hold', { by: 'ann', why: 'billed twice' })).toMatchObject({
      body: { effects_held: { by: 'ann', why: 'billed twice' }, paused: null },
    });
    expect(await heldMail()).toBe(1);
    expect(sentTo('hold')).toEqual([]);
    await bench.use('deciding', 'fine', 1);
    expect(await bench.untilPlans('deciding', 1)).toEqual(['1']);
    expect(sentTo('hold')).toEqual([]);
    await control('/effects/release', { by: 'ann' });
    await eventually(
      () => Promise.resolve(sentTo('hold')),
      (lines) => lines.length === 1,
      'the mail',
    );
  });

  const pendingJobs = async (): Promise<number> =>
    (await bench.pool.query(`SELECT 1 FROM sb_pending WHERE kind = 'job'`)).rows.length;
  const heldMail = async (): Promise<number> => {
    await mail('hold');
    return eventually(pendingJobs, (jobs) => jobs === 1, 'the waiting request');
  };

  it('redrives a connector’s request under the same idempotency key', async () => {
    broken.add('refuse');
    await mail('refuse');
    const { rows } = await eventually(
      () =>
        bench.pool.query<{ id: string }>(
          `SELECT id FROM sb_dead_letter WHERE handler = 'send' AND status = 'open'`,
        ),
      (found) => found.rows.length === 1,
      'the dead letter of the request',
    );
    const ledger = await bench.pool.query<{ idempotency_key: string }>(
      `SELECT idempotency_key FROM sb_ledger WHERE status = 'given_up'`,
    );
    broken.delete('refuse');
    expect(await control(`/dead-letters/${rows[0]?.id}/redrive`, { by: 'ann' })).toMatchObject({
      status: 200,
    });
    await eventually(
      () => Promise.resolve(sentTo('refuse')),
      (lines) => lines.length === 1,
      'the mail',
    );
    expect(sentTo('refuse')).toEqual([`refuse ${ledger.rows[0]?.idempotency_key}`]);
  });

  it('begins no more acts in an hour than its cap', async () => {
    for (const recipient of ['cap-1', 'cap-2', 'cap-3', 'cap-4']) await mail(recipient);
    const counts = async (): Promise<readonly number[]> => [
      await pendingJobs(),
      (await bench.pool.query(`SELECT 1 FROM sb_ledger WHERE status = 'done'`)).rows.length,
    ];
    await eventually(counts, ([jobs, done]) => jobs === 2 && done === 4, 'four acts and two that wait');
    // An hour later there is room again.
    await bench.pool.query(`UPDATE sb_ledger SET started_at = started_at - interval '61 minutes'`);
    await eventually(pendingJobs, (jobs) => jobs === 0, 'the rest');
  });
});
