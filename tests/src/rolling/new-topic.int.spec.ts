import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { subscriptionStarted, trialStarted, usageRecorded } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import type { AppProcess } from '../system/support/app-process.js';
import { startRelease } from './release-process.js';

interface Held {
  readonly topic: string;
  /** The process that holds the partition. */
  readonly owner: string | null;
}

jest.setTimeout(180_000);

describe.each([
  ['the old code leads the group', 'old-listener', 'new-listener'],
  ['the new code leads the group', 'new-listener', 'old-listener'],
] as const)('a new topic in a mixed fleet of two processes, when %s', (_case, first, second) => {
  let installation: Installation;
  let pool: Pool;
  const running: AppProcess[] = [];

  const held = async (topic: string): Promise<(string | null)[]> => {
    const { rows } = await pool.query<Held>('SELECT topic, owner FROM sb_progress WHERE topic = $1', [topic]);
    return rows.map(({ owner }) => owner);
  };

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['listener'], partitions: 3 });
    const url = installation.databaseUrl;
    pool = createPool({ url, schema: 'listener', max: 2, onError: () => undefined });
    for (const release of [first, second])
      running.push(await startRelease(release, installation.environment()));
  });
  afterAll(async () => {
    await Promise.all(running.map((one) => one.end('SIGTERM')));
    await pool.end();
    await installation.close();
  });

  it('starves neither topic: the new one is with the new code, and everything is handled once', async () => {
    // Three partitions of the old topic, shared by both, and three of the new one, for the new code alone.
    const [used] = await eventually(
      () => Promise.all([usageRecorded, subscriptionStarted].map(({ topic }) => held(topic))),
      ([old = [], added = []]) =>
        new Set(old).size === 2 && new Set(added).size === 1 && added.length === 3 && !added.includes(null),
      'all six partitions held, the old topic by both processes',
    );
    expect(used).toHaveLength(3);
    const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    for (const user_id of users) {
      await installation.publish(usageRecorded, { ...usageRecorded.example, user_id });
      await installation.publish(subscriptionStarted, { ...subscriptionStarted.example, user_id });
    }
    const events = await installation.eventsEventually(trialStarted, 24);
    const seen = events.map(({ data }) => `${data.user_id} ${data.plan}`).sort();
    expect(seen).toEqual(users.flatMap((user) => [`${user} subscribed`, `${user} used`]).sort());
    expect(running.every((one) => one.running)).toBe(true);
  });
});
