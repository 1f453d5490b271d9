import { defineState, emit, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { alertRaised, trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { AgentModule } from '../agent.module.js';
import { AgentHandlers, On } from '../decorators/decorators.js';
import { launchAgent, type RunningAgent } from '../start-agent.js';

const seen = defineState({ kind: 'seen', schema: z.object({ quantities: z.array(z.number()) }) });
type Seen = { quantities: number[] };
type Usage = DataOf<typeof usageRecorded>;

/** What the outside world of the test does to the handler: features that fail, and how. */
const broken = new Map<string, 'fatal' | 'again'>();

@AgentHandlers()
class OperatedHandlers {
  @On(usageRecorded, { state: seen, retry: { delaysMs: [3_600_000], afterDeadLetter: 'go-on' } })
  record({ event, state, now }: DecideInput<Seen, Usage>): readonly Output<Seen>[] {
    const { feature, quantity, user_id } = event.data;
    const how = broken.get(feature);
    if (how === 'fatal') throw new FatalError(`${feature} is broken`);
    if (how === 'again') throw new Error(`${feature} fails`);
    const quantities = [...(state?.quantities ?? []), quantity];
    const at = now.toISOString();
    return [
      setState({ quantities }),
      emit(trialStarted, { user_id, plan: quantities.join(), started_at: at, ends_at: at }),
    ];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'operated', startFrom: 'earliest' })],
  controllers: [OperatedHandlers],
})
class OperatedModule {}

const token = 'a-token-for-tests-only';

interface Answer {
  readonly status: number;
  // The answers of the API under test, looked at with matchers.
  readonly body: Record<string, never>;
}

describe('operating an agent', () => {
  let installation: Installation;
  let agent: RunningAgent;
  let pool: Pool;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['operated'] });
    agent = await launchAgent(OperatedModule, installation.environment({ CONTROL_TOKEN: token }));
    pool = createPool({
      url: installation.databaseUrl,
      schema: 'operated',
      max: 2,
      onError: () => undefined,
    });
  });
  afterAll(async () => {
    await agent.stop();
    await pool.end();
    await installation.close();
  });

  async function control(
    path: string,
    body?: object,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ): Promise<Answer> {
    const init = body
      ? {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { ...headers, 'content-type': 'application/json' },
        }
      : { headers };
    const response = await fetch(`${agent.url}/control${path}`, init);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  const use = (user: string, feature: string, quantity: number) =>
    installation.publish(usageRecorded, { user_id: user, feature, quantity, unit: 'call' });
  const plansOf = async (user: string): Promise<string[]> =>
    (await installation.events(trialStarted))
      .filter(({ data }) => data.user_id === user)
      .map(({ data }) => data.plan);
  const untilPlans = (user: string, wanted: readonly string[]) =>
    eventually(
      () => plansOf(user),
      (plans) => plans.length >= wanted.length,
      `plans ${wanted.join(' ')} of ${user}`,
    );
  interface Letter {
    readonly id: string;
    readonly status: string;
    readonly redrives: number;
    readonly fingerprint: string;
    readonly event_id: string;
  }
  const lettersOf = async (user: string): Promise<Letter[]> => {
    const { rows } = await pool.query<Letter>(
      'SELECT id, status, redrives, fingerprint, event_id FROM sb_dead_letter WHERE key_value = $1 ORDER BY id',
      [user],
    );
    return rows;
  };
  const untilLetters = (user: string, count: number) =>
    eventually(
      () => lettersOf(user),
      (letters) => letters.length >= count,
      `${count} dead letters of ${user}`,
    );
  const queueOf = async (user: string): Promise<{ kind: string; has_time: boolean }[]> => {
    const { rows } = await pool.query<{ kind: string; has_time: boolean }>(
      'SELECT kind, claim_at IS NOT NULL AS has_time FROM sb_pending WHERE key_value = $1 ORDER BY sequence',
      [user],
    );
    return rows;
  };
  const untilQueue = (user: string, count: number) =>
    eventually(
      () => queueOf(user),
      (rows) => rows.length === count,
      `${count} rows in the queue of ${user}`,
    );

  describe('access', () => {
    it('is for those who know the token', async () => {
      expect(await control('', undefined, {})).toMatchObject({
        status: 401,
        body: { code: 'credentials_missing' },
      });
      expect(await control('', undefined, { authorization: 'Bearer something else' })).toMatchObject({
        status: 401,
      });
      expect(await control('', undefined, { authorization: 'Bearer wrong' })).toMatchObject({
        status: 403,
        body: { code: 'credentials_invalid', status: 403 },
      });
      expect(await control('')).toMatchObject({
        status: 200,
        body: { agent: 'operated', paused: null, effects_held: null },
      });
    });

    it('answers as problem+json that names the bad fields', async () => {
      const response = await fetch(`${agent.url}/control/pause`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ by: 'ann' }),
      });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.json()).toMatchObject({
        code: 'request_malformed',
        pointers: [{ pointer: '/why' }],
      });
      expect((await control('/redrives', { by: 'ann', dry_run: false })).body).toMatchObject({
        detail: expect.stringContaining('narrows nothing') as string,
      });
      expect((await control('/dead-letters/999999')).status).toBe(404);
    });
  });

  describe('one dead letter', () => {
    it('raises an alert for the first of a kind and not for the next', async () => {
      broken.set('alerting', 'fatal');
      await use('alert-1', 'alerting', 1);
      const [letter] = await untilLetters('alert-1', 1);
      await use('alert-2', 'alerting', 1);
      await untilLetters('alert-2', 1);
      const alerts = (await installation.eventsEventually(alertRaised, 1)).filter(
        ({ data }) => data.fingerprint === letter?.fingerprint,
      );
      expect(alerts.map(({ data }) => data)).toMatchObject([
        { agent: 'operated', error_code: 'handler_fatal', count: 1, first_event_id: letter?.event_id },
      ]);
    });

    it('is redriven once though asked twice at once, under its own id', async () => {
      broken.set('twice', 'fatal');
      await use('twice', 'twice', 7);
      const [letter] = await untilLetters('twice', 1);
      broken.delete('twice');
      const path = `/dead-letters/${letter?.id}/redrive`;
      const answers = await Promise.all([
        control(path, { by: 'ann' }),
        control(path, { by: 'ben' }),
        control(path, { by: 'cleo' }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      expect(await untilPlans('twice', ['7'])).toEqual(['7']);
      const [event] = (await installation.events(trialStarted)).filter(
        ({ data }) => data.user_id === 'twice',
      );
      expect(event?.metadata.causation_id).toBe(letter?.event_id);
      expect(await queueOf('twice')).toEqual([]);
      expect(await control(path, { by: 'ann' })).toMatchObject({
        status: 409,
        body: { code: 'letter_not_open' },
      });
    });

    it('fails again as a new dead letter that knows of its redrives, five at most', async () => {
      broken.set('stubborn', 'fatal');
      await use('stubborn', 'stubborn', 1);
      for (let n = 1; n <= 5; n += 1) {
        const letter = (await untilLetters('stubborn', n)).at(-1);
        expect(letter).toMatchObject({ status: 'open', redrives: n - 1 });
        expect((await control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
      }
      const last = (await untilLetters('stubborn', 6)).at(-1);
      expect(await control(`/dead-letters/${last?.id}/redrive`, { by: 'ann' })).toMatchObject({
        status: 409,
        body: { code: 'redrive_refused', detail: expect.stringContaining('5 times') as string },
      });
      expect(new Set((await lettersOf('stubborn')).map(({ event_id }) => event_id)).size).toBe(1);
    });

    it('is edited: shows what changed, keeps the original, runs under a new id with the name of the editor', async () => {
      broken.set('mistyped', 'fatal');
      await use('edit', 'mistyped', 3);
      const [letter] = await untilLetters('edit', 1);
      const path = `/dead-letters/${letter?.id}`;
      const data = { user_id: 'edit', feature: 'fine', quantity: 4, unit: 'call' };
      expect(await control(`${path}/edit`, { by: 'ann', data: { ...data, quantity: 'four' } })).toMatchObject(
        {
          status: 422,
          body: { code: 'event_invalid' },
        },
      );
      expect((await control(`${path}/edit`, { by: 'ann', data })).body).toMatchObject({
        changes: [
          { pointer: '/data/feature', before: 'mistyped', after: 'fine' },
          { pointer: '/data/quantity', before: 3, after: 4 },
        ],
      });
      const whole = await control(path);
      expect(whole.body).toMatchObject({ edits: 1, edited: { by: 'ann' } });
      expect(JSON.stringify((whole.body as object as { record: unknown }).record)).toContain('mistyped');
      expect((await control(`${path}/redrive`, { by: 'ben' })).status).toBe(200);
      expect(await untilPlans('edit', ['4'])).toEqual(['4']);
      const [event] = (await installation.events(trialStarted)).filter(
        ({ data: { user_id } }) => user_id === 'edit',
      );
      expect(event?.metadata.causation_id).toBe(`${letter?.event_id}~e1`);
    });

    it('is discarded with who and why', async () => {
      broken.set('useless', 'fatal');
      await use('discard', 'useless', 1);
      const [letter] = await untilLetters('discard', 1);
      const path = `/dead-letters/${letter?.id}`;
      expect((await control(`${path}/discard`, { by: 'ann', why: 'a test account' })).status).toBe(200);
      expect((await control(path)).body).toMatchObject({
        status: 'discarded',
        settled: { by: 'ann', why: 'a test account' },
      });
      expect((await control(`${path}/redrive`, { by: 'ann' })).status).toBe(409);
    });

    it('of an id that was used twice is redriven under an id of its own', async () => {
      const data = { user_id: 'conflict', feature: 'fine', quantity: 1, unit: 'call' };
      const first = await installation.publish(usageRecorded, data, { event_id: 'same-id' });
      expect(first).toBeDefined();
      await untilPlans('conflict', ['1']);
      await installation.publish(usageRecorded, { ...data, quantity: 2 }, { event_id: 'same-id' });
      const found = await eventually(
        async () =>
          (await control('/dead-letters?status=open')).body as unknown as { dead_letters: Letter[] },
        ({ dead_letters: letters }) => letters.some(({ event_id }) => event_id === 'same-id'),
        'the conflict',
      );
      const letter = found.dead_letters.find(({ event_id }) => event_id === 'same-id');
      expect((await control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
      expect(await untilPlans('conflict', ['1', '1,2'])).toEqual(['1', '1,2']);
      const event = (await installation.events(trialStarted))
        .filter(({ data: { plan } }) => plan === '1,2')
        .at(-1);
      expect(event?.metadata.causation_id).toBe('same-id~e1');
    });
  });

  describe('a blocked key', () => {
    it('takes a redriven event in its old place, and is released by a person', async () => {
      broken.set('lost', 'fatal');
      broken.set('stuck', 'again');
      await use('order', 'stuck', 1);
      await untilQueue('order', 1);
      await use('order', 'lost', 2);
      await use('order', 'fine', 3);
      await untilQueue('order', 3);
      broken.delete('stuck');
      broken.set('fine', 'again');
      expect((await control('/keys/release', { kind: 'seen', value: 'order', by: 'ann' })).status).toBe(200);
      // 1 is handled, 2 dead, 3 fails and waits an hour; 4 waits behind it.
      const [letter] = await untilLetters('order', 1);
      await untilQueue('order', 1);
      await use('order', 'late', 4);
      await untilQueue('order', 2);
      broken.delete('lost');
      broken.delete('fine');
      expect((await control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
      expect(await queueOf('order')).toEqual([
        { kind: 'redrive', has_time: false },
        { kind: 'retry', has_time: true },
        { kind: 'parked', has_time: false },
      ]);
      const { keys } = (await control('/keys')).body as unknown as { keys: object[] };
      expect(keys).toContainEqual(
        expect.objectContaining({ kind: 'seen', value: 'order', waiting: 3, waits_for_person: false }),
      );
      expect((await control('/keys/release', { kind: 'seen', value: 'order', by: 'ann' })).status).toBe(200);
      const wanted = ['1', '1,2', '1,2,3', '1,2,3,4'];
      expect(await untilPlans('order', wanted)).toEqual(wanted);
      expect((await control('/keys/release', { kind: 'seen', value: 'order', by: 'ann' })).status).toBe(404);
    });

    it('has one row that runs by itself after the redriven event before it fails again', async () => {
      broken.set('front', 'again');
      broken.set('behind', 'again');
      await use('invariant', 'front', 1);
      await untilQueue('invariant', 1);
      expect(
        await control('/keys/drop', {
          kind: 'seen',
          value: 'invariant',
          which: 'head',
          by: 'ann',
          why: 'test',
        }),
      ).toMatchObject({ status: 200, body: { dropped: 1 } });
      await pool.query(`UPDATE sb_dead_letter SET status = 'open' WHERE key_value = 'invariant'`);
      await use('invariant', 'behind', 2);
      await untilQueue('invariant', 1);
      const [letter] = await lettersOf('invariant');
      expect((await control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
      // The row behind becomes due, as after its hour: the redriven one runs first, fails and is the head.
      await pool.query(
        `UPDATE sb_pending SET claim_at = sb_now(), due_at = sb_now() WHERE key_value = 'invariant' AND kind = 'retry'`,
      );
      await eventually(
        () => queueOf('invariant'),
        (rows) => rows[0]?.has_time === true && rows[1]?.has_time === false,
        'the redriven event at the head',
      );
      expect(await queueOf('invariant')).toHaveLength(2);
    });

    it('is emptied by a person: all that waits is kept as discarded', async () => {
      broken.set('hopeless', 'again');
      await use('drop', 'hopeless', 1);
      await untilQueue('drop', 1);
      await use('drop', 'any', 2);
      await untilQueue('drop', 2);
      expect(
        await control('/keys/drop', { kind: 'seen', value: 'drop', which: 'all', by: 'ann', why: 'gone' }),
      ).toMatchObject({ status: 200, body: { dropped: 2 } });
      expect((await lettersOf('drop')).map(({ status }) => status)).toEqual(['discarded', 'discarded']);
      await use('drop', 'any', 3);
      expect(await untilPlans('drop', ['3'])).toEqual(['3']);
    });
  });

  describe('many dead letters', () => {
    const redrives = (body: object) => control('/redrives', { by: 'ann', handler: 'record', ...body });
    const run = async (id: string) =>
      (await control(`/redrives/${id}`)).body as object as { status: string; redriven: number };

    it('are counted first, then redriven at a rate, cancelled and resumed', async () => {
      const users = Array.from({ length: 30 }, (_, n) => `bulk-${n}`);
      broken.set('bulk', 'fatal');
      for (const user of users) await use(user, 'bulk', 1);
      const letters = await eventually(
        async () => {
          const { rows } = await pool.query<Letter>(
            `SELECT fingerprint, status FROM sb_dead_letter WHERE key_value LIKE 'bulk-%'`,
          );
          return rows;
        },
        (rows) => rows.length === users.length,
        'dead letters',
      );
      broken.delete('bulk');
      const fingerprint = letters[0]?.fingerprint;
      const dry = await redrives({ fingerprint });
      expect(dry.body).toEqual({ dry_run: true, matching: 30, would_redrive: 30 });
      const begun = await redrives({ fingerprint, dry_run: false, rate_per_s: 10, letters_max: 25 });
      const { id } = (begun.body as unknown as { run: { id: string } }).run;
      await eventually(
        () => run(id),
        ({ redriven }) => redriven > 0,
        'progress',
      );
      expect((await control(`/redrives/${id}/cancel`, {})).status).toBe(200);
      const cancelled = await run(id);
      expect(cancelled.status).toBe('cancelled');
      const open = async () =>
        (await pool.query(`SELECT 1 FROM sb_dead_letter WHERE key_value LIKE 'bulk-%' AND status = 'open'`))
          .rows.length;
      expect(await open()).toBeGreaterThan(5);
      expect((await control(`/redrives/${id}/cancel`, {})).status).toBe(409);
      expect((await control(`/redrives/${id}/resume`, {})).status).toBe(200);
      const done = await eventually(
        () => run(id),
        ({ status }) => status === 'done',
        'the end',
      );
      expect(done).toMatchObject({ redriven: 25, refused: 0, total: 25 });
      expect(await open()).toBe(5);
    });
  });

  describe('kill switches', () => {
    it('pause: it stays a member, handles nothing, and goes on afterwards', async () => {
      const assigned = agent.runtime.status().assigned.length;
      expect((await control('/pause', { by: 'ann', why: 'wrong mails' })).body).toMatchObject({
        paused: { by: 'ann', why: 'wrong mails' },
      });
      expect((await control('/pause', { by: 'ben', why: 'me too' })).body).toMatchObject({
        paused: { by: 'ann' },
      });
      await use('paused', 'fine', 1);
      // A record published later to another installation's topic would prove nothing: what was published is read by nobody.
      const ends = await eventually(
        async () =>
          (await installation.events(usageRecorded)).filter(({ data }) => data.user_id === 'paused'),
        (events) => events.length === 1,
        'the record on its topic',
      );
      expect(ends).toHaveLength(1);
      for (let looks = 0; looks < 5; looks += 1) {
        expect(await plansOf('paused')).toEqual([]);
        const status = agent.runtime.status();
        expect(status).toMatchObject({ isPaused: true, hasJoined: true });
        expect(status.assigned).toHaveLength(assigned);
        expect((await fetch(`${agent.url}/health/live`)).status).toBe(200);
      }
      expect((await control('/resume', { by: 'ann' })).body).toMatchObject({ paused: null });
      expect(await untilPlans('paused', ['1'])).toEqual(['1']);
    });

    it('pause outlives the process', async () => {
      await control('/pause', { by: 'ann', why: 'over night' });
      await agent.stop();
      agent = await launchAgent(OperatedModule, installation.environment({ CONTROL_TOKEN: token }));
      expect(agent.runtime.status().isPaused).toBe(true);
      await use('restarted', 'fine', 1);
      await eventually(
        () => Promise.resolve(agent.runtime.status()),
        ({ hasJoined, claiming }) => hasJoined && claiming === 0,
        'membership',
      );
      expect(await plansOf('restarted')).toEqual([]);
      await control('/resume', { by: 'ann' });
      expect(await untilPlans('restarted', ['1'])).toEqual(['1']);
    });
  });
});
