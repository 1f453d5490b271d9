import { inheritedEnvironment } from '@signalbox/config';
import { encodeEvent, usageRecorded } from '@signalbox/contracts';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { Installation, eventually } from '@signalbox/test-kit';
import { readFileSync } from 'node:fs';
import { AgentProcess } from '../test/agent-process.js';

/** `npm run test:backlog` makes it the two million of a long absence. */
const records = Number(inheritedEnvironment()['SIGNALBOX_BACKLOG_RECORDS'] ?? 50_000);
const GROWTH_BYTES_MAX = 150 * 1024 * 1024;
/** Records a second on a busy machine, at least. */
const RATE_MIN = 500;
const BATCH = 1_000;

const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;

describe('a backlog', () => {
  let installation: Installation;
  let pool: Pool;
  let agent: AgentProcess;
  const topic = usageRecorded.topic;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['faulty'], partitions: 2 });
    pool = createPool({ url: installation.databaseUrl, schema: 'faulty', max: 2, onError: () => undefined });
    agent = await new AgentProcess(installation.environment()).ready();
    await agent.end('SIGTERM');
    for (let from = 0; from < records; from += BATCH) await publish(from, Math.min(BATCH, records - from));
  }, 1_200_000);
  afterAll(async () => {
    await agent?.end('SIGTERM');
    await pool.end();
    await installation.close();
  });

  const publish = async (from: number, count: number): Promise<void> => {
    const partitions = new Map<number, { key: Buffer; value: Buffer; headers: Record<string, string> }[]>();
    for (let n = from; n < from + count; n += 1) {
      const user = `u${n % 5_000}`;
      const partition = await installation.producer.partitionFor(topic, Buffer.from(user));
      const event = {
        event_id: `backlog-${n}`,
        event_type: usageRecorded.type,
        timestamp: '2026-04-05T12:00:00Z',
        data: { user_id: user, feature: 'fine', quantity: 1, unit: 'call' },
        metadata: { source_service: 'test', correlation_id: `backlog-${n}` },
      };
      const encoded = { key: Buffer.from(user), ...encodeEvent(event, { key: user }) };
      partitions.set(partition, [...(partitions.get(partition) ?? []), encoded]);
    }
    await Promise.all(
      [...partitions].map(([partition, batch]) => installation.producer.send({ topic, partition }, batch)),
    );
  };
  const progress = async () =>
    (
      await pool.query<{ done: number; epochs: string }>(
        `SELECT coalesce(sum(next_offset), 0)::integer AS done, string_agg(epoch::text, ',' ORDER BY partition) AS epochs
         FROM sb_progress WHERE topic = $1`,
        [topic],
      )
    ).rows[0];

  it('is worked off in little memory and without leaving the group', async () => {
    agent = await new AgentProcess(installation.environment()).ready();
    const { epochs } = (await progress()) ?? {};
    const startedMs = Date.now();
    let baseline = 0;
    let peak = 0;
    const end = await eventually(
      async () => {
        const rss = rssOf(agent.pid);
        const now = await progress();
        // What the first chunks load and compile stays: growth is counted from there.
        if ((now?.done ?? 0) < records / 10) baseline = Math.max(baseline, rss);
        peak = Math.max(peak, rss);
        return now;
      },
      (now) => now?.done === records,
      'the end of the backlog',
      60_000 + (records / RATE_MIN) * 1_000,
    );
    const seconds = (Date.now() - startedMs) / 1_000;
    expect(peak - baseline).toBeLessThan(GROWTH_BYTES_MAX);
    expect(end?.epochs).toBe(epochs);
    expect(records / seconds).toBeGreaterThan(RATE_MIN);
    const totals = await pool.query<{ total: string; keys: number }>(
      `SELECT sum((state::json->>'total')::integer) AS total, count(*)::integer AS keys FROM sb_key WHERE kind = 'tally'`,
    );
    expect(totals.rows[0]).toEqual({ total: String(records), keys: Math.min(5_000, records) });
  }, 5_000_000);
});
