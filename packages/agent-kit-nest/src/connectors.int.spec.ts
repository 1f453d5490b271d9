import type { Attempt, NoteOutput } from '@signalbox/agent-kit';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { remediationRequested, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { RetryAfterError, SignalboxError } from '@signalbox/errors';
import { HttpReceiver, Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { AgentModule } from './agent.module.js';
import { AgentHandlers, Perform } from './decorators/decorators.js';
import { launchAgent, type RunningAgent } from './start-agent.js';

const CALLS = 150;
/** Whoever waits for a hanging call waits until its deadline of 15 s. */
const LATE_MS_MAX = 10_000;
type Event = EventEnvelope<DataOf<typeof remediationRequested>>;

/** Where each destination is, and what the connector saw. */
const origins = new Map<string, string>();
const startedMs = new Map<string, number>();
const atWork = new Map<string, number>();
const mostAtWork = new Map<string, number>();
const performed: string[] = [];

async function post(destination: string, id: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(origins.get(destination) as string, { method: 'POST', body: id, signal });
  if (response.status === 429) {
    const afterMs = Number(response.headers.get('retry-after')) * 1_000;
    throw new RetryAfterError('later', afterMs, { code: 'outbound_failed' });
  }
  if (!response.ok) throw new SignalboxError('outbound_failed', `status ${response.status}`);
}

@AgentHandlers()
class CallerHandlers {
  @Perform(remediationRequested, {
    key: ({ data }) => data.incident_id,
    destination: ({ data }) => data.service_name,
    unknownOutcome: 'repeat',
    retry: { delaysMs: [100, 100, 100, 100, 100, 100, 100, 100], afterDeadLetter: 'go-on' },
    giveUp: () => [],
  })
  async call(event: Event, { signal }: Attempt): Promise<readonly NoteOutput[]> {
    const destination = event.data.service_name;
    if (!startedMs.has(event.event_id)) startedMs.set(event.event_id, Date.now());
    const working = (atWork.get(destination) ?? 0) + 1;
    atWork.set(destination, working);
    mostAtWork.set(destination, Math.max(working, mostAtWork.get(destination) ?? 0));
    try {
      await post(destination, event.event_id, signal);
      performed.push(event.event_id);
    } finally {
      atWork.set(destination, (atWork.get(destination) ?? 1) - 1);
    }
    return [];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'caller', startFrom: 'earliest' })],
  controllers: [CallerHandlers],
})
class CallerModule {}

describe('a connector with several receivers', () => {
  let installation: Installation;
  let agent: RunningAgent;
  let pool: Pool;
  const receivers: HttpReceiver[] = [];

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['caller'] });
    for (const name of ['fast', 'hanging', 'failing', 'busy', 'ordered']) {
      const receiver = await HttpReceiver.start(() => ({ status: 200 }));
      receivers.push(receiver);
      origins.set(name, receiver.origin);
    }
    agent = await launchAgent(CallerModule, installation.environment());
    pool = createPool({ url: installation.databaseUrl, schema: 'caller', max: 2, onError: () => undefined });
  });
  afterAll(async () => {
    await agent.stop();
    await pool.end();
    for (const receiver of receivers) await receiver.close();
    await installation.close();
  });

  const receiver = (name: string): HttpReceiver =>
    receivers.find(({ origin }) => origin === origins.get(name)) as HttpReceiver;
  const ask = (destination: string, subject: string) =>
    installation.publish(remediationRequested, {
      ...remediationRequested.example,
      service_name: destination,
      incident_id: subject,
    });
  const pendingOf = async (destination: string) =>
    (
      await pool.query<{ attempts: number; starts: number }>(
        'SELECT attempts, starts FROM sb_pending WHERE destination = $1',
        [destination],
      )
    ).rows;

  /** Start delays of calls to the fast receiver, in milliseconds, sorted. */
  async function delays(name: string): Promise<number[]> {
    const published = new Map<string, number>();
    for (let n = 0; n < CALLS; n += 1) {
      const atMs = Date.now();
      const { event_id: id } = await ask('fast', `${name}-${n}`);
      published.set(id, atMs);
      // As many at a time as the destination has places: what is measured is not its own queue.
      if (n % 4 === 3) await haveStarted(published);
    }
    await haveStarted(published);
    const ids = [...published.keys()];
    return ids
      .map((id) => (startedMs.get(id) as number) - (published.get(id) as number))
      .sort((x, y) => x - y);
  }
  const haveStarted = (published: ReadonlyMap<string, number>) =>
    eventually(
      () => Promise.resolve([...published.keys()].every((id) => startedMs.has(id))),
      (all) => all,
      'the calls published so far',
    );
  const p99 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.99)] as number;

  it('starts calls to one as soon as ever while another hangs on every call', async () => {
    await delays('warm-up');
    const alone = p99(await delays('alone'));
    receiver('hanging').hangNext(1_000);
    for (let n = 0; n < 60; n += 1) await ask('hanging', `hanging-${n}`);
    await receiver('hanging').requests.waitFor(4, 30_000);
    const beside = p99(await delays('beside'));
    process.stdout.write(`start delay p99: ${alone} ms alone, ${beside} ms beside a receiver that hangs\n`);
    // How soon is for a machine without other work; this only finds calls that wait for those that hang.
    expect(beside).toBeLessThan(alone * 1.5 + LATE_MS_MAX);
    expect(mostAtWork.get('hanging')).toBe(4);
    expect((await pendingOf('hanging')).length).toBe(60);
  }, 120_000);

  it('leaves a failing receiver alone after five failures; its jobs wait without counting attempts', async () => {
    receiver('failing').answerNext({ status: 500 }, 1_000);
    for (let n = 0; n < 12; n += 1) await ask('failing', `failing-${n}`);
    const open = await eventually(
      () => Promise.resolve(agent.runtime.status().destinations),
      (all) => all.some(({ destination, circuit }) => destination === 'failing' && circuit === 'open'),
      'an open circuit',
    );
    expect(open.find(({ destination }) => destination === 'failing')?.waitMs).toBeGreaterThan(0);
    const callsMade = (): number => receiver('failing').requests.all.length;
    const { rows, calls } = await eventually(
      async () => {
        const calls = callsMade();
        const rows = await pendingOf('failing');
        return { rows, calls, isQuiet: calls === callsMade() };
      },
      ({ rows: all, isQuiet }) => isQuiet && all.length === 12 && all.every(({ starts }) => starts === 0),
      'all jobs waiting',
    );
    // Four at a time, of which the fifth failure is the last that counts; later one call at a time asks whether it is back.
    expect(calls).toBeLessThanOrEqual(12);
    expect(rows.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(calls);
  }, 60_000);

  it('calls a receiver that asks for time not before', async () => {
    receiver('busy').answerNext({ status: 429, headers: { 'retry-after': '2' } });
    const first = await ask('busy', 'busy-1');
    await receiver('busy').requests.waitFor(1, 20_000);
    const second = await ask('busy', 'busy-2');
    await eventually(
      () => Promise.resolve(performed),
      (ids) => ids.includes(first.event_id) && ids.includes(second.event_id),
      'both calls',
    );
    const [refused, ...later] = receiver('busy').requests.all.map(({ receivedAtMs }) => receivedAtMs);
    for (const atMs of later) expect(atMs - (refused as number)).toBeGreaterThanOrEqual(1_950);
  }, 60_000);

  it('acts in order on one key, one after another, also when the first has to be repeated', async () => {
    receiver('ordered').answerNext({ status: 503 }, 2);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await ask('ordered', 'one')).event_id);
    await eventually(
      () => Promise.resolve(performed),
      (all) => ids.every((id) => all.includes(id)),
      'five calls',
    );
    expect(performed.filter((id) => ids.includes(id))).toEqual(ids);
    expect(mostAtWork.get('ordered')).toBe(1);
  }, 60_000);

  it('makes a dead letter of a job whose handler is gone', async () => {
    const { event_id: id } = await ask('failing', 'gone');
    await eventually(
      () => pool.query('SELECT 1 FROM sb_pending WHERE event_id = $1', [id]),
      ({ rowCount }) => rowCount === 1,
      'the job',
    );
    await pool.query("UPDATE sb_pending SET handler = 'removed', destination = 'fast' WHERE event_id = $1", [
      id,
    ]);
    const { rows } = await eventually(
      () =>
        pool.query<{ error_code: string }>('SELECT error_code FROM sb_dead_letter WHERE key_value = $1', [
          'gone',
        ]),
      ({ rowCount }) => rowCount === 1,
      'the dead letter',
    );
    expect(rows[0]?.error_code).toBe('handler_fatal');
  }, 60_000);
});
