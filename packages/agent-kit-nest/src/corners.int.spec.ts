import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { applyTopics } from '@signalbox/agent-kit-kafka';
import { inheritedEnvironment } from '@signalbox/config';
import { catalogueTopics, trialStarted, usageRecorded } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AgentProcess } from '../test/agent-process.js';

/** `npm run test:faults` makes it the 60 s of a session somebody forgot. */
const lockMs = Number(inheritedEnvironment()['SIGNALBOX_LOCK_SECONDS'] ?? 0) * 1_000;
const isLong = lockMs > 0;
/** From the stop of an owner to the first work of the next one; a busy machine may take longer. */
const newOwnerMsMax = isLong ? 15_000 + 1_000 : 60_000;

const usage = (user: string, feature = 'fine') => ({ user_id: user, feature, quantity: 1, unit: 'call' });

describe('corners of the runtime', () => {
  let installation: Installation;
  let pool: Pool;
  const agents: AgentProcess[] = [];

  beforeEach(async () => {
    installation = await Installation.open({ agents: ['faulty'], partitions: 2 });
    pool = createPool({ url: installation.databaseUrl, schema: 'faulty', max: 3, onError: () => undefined });
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.end()));
    await pool.end();
    await installation.close();
  });

  const start = async () => {
    const agent = new AgentProcess(installation.environment());
    agents.push(agent);
    return agent.ready();
  };
  const publish = (users: readonly string[], feature?: string) =>
    Promise.all(users.map((user) => installation.publish(usageRecorded, usage(user, feature))));
  const greeted = async () =>
    (await installation.events(trialStarted)).map(({ data }) => `${data.user_id} ${data.plan}`).sort();
  const partitionOf = (user: string) =>
    installation.producer.partitionFor(usageRecorded.topic, Buffer.from(user));
  const usersOn = async (partition: number, count: number): Promise<string[]> => {
    const users: string[] = [];
    for (let n = 0; users.length < count; n += 1)
      if ((await partitionOf(`u${partition}-${n}`)) === partition) users.push(`u${partition}-${n}`);
    return users;
  };
  const progress = async () =>
    (
      await pool.query<{ partition: number; next_offset: string; epoch: string; owner: string }>(
        'SELECT partition, next_offset, epoch, owner FROM sb_progress WHERE topic = $1 ORDER BY partition',
        [usageRecorded.topic],
      )
    ).rows;
  const handled = async (partition: number) =>
    Number((await progress()).find((row) => row.partition === partition)?.next_offset ?? 0);

  /** Transactions of this installation alone: other tests share the server. */
  const waitingStatements = async (): Promise<string> => {
    const { rows } = await pool.query<{ statement: string }>(
      `SELECT pid || ' since ' || query_start AS statement FROM pg_stat_activity
       WHERE wait_event_type = 'Lock' AND datname = current_database() ORDER BY pid`,
    );
    return rows.map(({ statement }) => statement).join();
  };

  it('goes on with other partitions while a foreign session holds the lock of one key', async () => {
    await start();
    const [locked = ''] = await usersOn(0, 1);
    const others = await usersOn(1, 400);
    const work = async (users = others): Promise<number> => {
      const until = (await handled(1)) + users.length;
      const startedMs = Date.now();
      await publish(users);
      await eventually(
        () => handled(1),
        (offset) => offset === until,
        'the other partition',
      );
      return Date.now() - startedMs;
    };
    await publish([locked]);
    await eventually(
      () => handled(0),
      (offset) => offset === 1,
      'the first event of the key',
    );
    await work();
    const freeMs = await work();
    const atFirst = await progress();

    const foreign = await pool.connect();
    await foreign.query('SET idle_in_transaction_session_timeout = 0');
    await foreign.query('SET transaction_timeout = 0');
    await foreign.query('BEGIN');
    await foreign.query('SELECT 1 FROM sb_key WHERE value = $1 FOR UPDATE', [locked]);
    await publish([locked]);
    const lockedMs: number[] = [];
    const untilMs = Date.now() + lockMs;
    do lockedMs.push(await work());
    while (Date.now() < untilMs);
    // Work is done while one and the same statement waits, whose time-out of 5 s a busy machine may meet now and then.
    let [before, after] = ['', 'none'];
    while (before === '' || before !== after) {
      before = await waitingStatements();
      await work(others.slice(0, 20));
      after = await waitingStatements();
    }
    expect(await handled(0)).toBe(1);
    // How fast is for a machine without other work, and there the middle one tells.
    const middleMs = [...lockedMs].sort((a, b) => a - b)[Math.floor(lockedMs.length / 2)] ?? 0;
    if (isLong) expect(middleMs).toBeLessThan(freeMs / 0.9 + 1_000);
    await eventually(waitingStatements, (waiting) => waiting === '', 'the lock time-out');
    await foreign.query('ROLLBACK');
    foreign.release();
    await eventually(
      () => handled(0),
      (offset) => offset === 2,
      'the event behind the lock',
    );
    expect((await progress()).map(({ epoch }) => epoch)).toEqual(atFirst.map(({ epoch }) => epoch));
  }, 240_000);

  it('halves a chunk whose data the database refuses until the bad event is alone', async () => {
    await (await start()).end('SIGTERM');
    const [good, bad] = [await usersOn(0, 9), 'u-bad'];
    await publish(good.slice(0, 4));
    const refused = await installation.publish(usageRecorded, usage(bad, 'f'));
    await publish(good.slice(4));
    await pool.query(`ALTER TABLE sb_key ADD CONSTRAINT none_bad CHECK (value <> '${bad}' OR state IS NULL)`);
    await start();
    expect(await installation.eventsEventually(trialStarted, 9)).toHaveLength(9);
    const letters = await eventually(
      () => installation.records('faulty.dlq'),
      (records) => records.length > 0,
      'the dead letter',
    );
    expect(letters.map(({ headers }) => headers['sb-error-code']?.toString())).toEqual(['output_invalid']);
    expect(letters[0]?.value?.toString()).toContain(refused.event_id);
    expect((await greeted()).some((text) => text.startsWith(bad))).toBe(false);
    await pool.query('ALTER TABLE sb_key DROP CONSTRAINT none_bad');
  }, 120_000);

  it('goes on within 15 s when an owner is stopped inside a transaction, and lets its wake-up change nothing', async () => {
    const both = [await start(), await start()];
    const [user = ''] = await usersOn(0, 1);
    await publish([user]);
    await eventually(greeted, (texts) => texts.length === 1, 'the first event');
    await Promise.all(both.map((agent) => agent.ready()));
    const [row] = await progress();
    const owner = both.find(({ instance }) => instance === row?.owner) as AgentProcess;

    const foreign = await pool.connect();
    await foreign.query('SET idle_in_transaction_session_timeout = 0');
    await foreign.query('BEGIN');
    await foreign.query('SELECT 1 FROM sb_key WHERE value = $1 FOR UPDATE', [user]);
    await publish([user]);
    await eventually(waitingStatements, (waiting) => waiting !== '', 'a transaction that waits for the key');
    owner.signal('SIGSTOP');
    const stoppedMs = Date.now();
    await foreign.query('ROLLBACK');
    foreign.release();
    await eventually(greeted, (texts) => texts.length === 2, 'the new owner', newOwnerMsMax);
    expect(Date.now() - stoppedMs).toBeLessThan(newOwnerMsMax + 5_000); // and the time to look

    owner.signal('SIGCONT');
    await publish([user]);
    await eventually(greeted, (texts) => texts.length === 3, 'the event after the wake-up');
    await owner.ready();
    expect(await greeted()).toEqual([1, 2, 3].map((total) => `${user} total ${total}`));
    expect((await installation.records('faulty.dlq')).length).toBe(0);
  }, 180_000);

  it('handles what was published after its first start, and all of a partition that comes later', async () => {
    const first = await start();
    await first.end(); // before anything was committed
    await publish(Array.from({ length: 50 }, (_, n) => `early-${n}`));
    await start();
    await installation.eventsEventually(trialStarted, 50);
    const specs = catalogueTopics().filter(({ topic }) => topic === usageRecorded.topic);
    const grown = { partitions: 3, replication: 1, growPartitions: true };
    await applyTopics(installation.connection, specs, grown);
    await eventually(
      () => installation.producer.partitionCount(usageRecorded.topic),
      (count) => count === 3,
      'the new partition',
      60_000,
    );
    const late = await usersOn(2, 50);
    await publish(late);
    const events = await eventually(
      () => installation.events(trialStarted),
      (found) => found.length >= 100,
      'the events of the new partition, noticed within 30 s',
      90_000,
    );
    expect(events).toHaveLength(100);
    expect(new Set(events.map(({ data }) => data.plan))).toEqual(new Set(['total 1']));
  }, 180_000);
});
