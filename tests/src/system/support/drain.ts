import { createInspector, type KafkaInspector } from '@signalbox/agent-kit-kafka';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { eventually, type Installation } from '@signalbox/test-kit';

/** What an agent has still to do. */
interface Left {
  readonly agent: string;
  /** Records of its topics it has not handled. */
  readonly records: number;
  readonly outbox: number;
  /** Retries, parked events, redrives and jobs; timers that are not due don't count. */
  readonly pending: number;
}

/** Looks into the tables of agents, in the database and the topics of an installation. */
export class AgentTables {
  private readonly pools: ReadonlyMap<string, Pool>;
  private readonly inspector: KafkaInspector;

  constructor(
    { databaseUrl, connection }: Pick<Installation, 'databaseUrl' | 'connection'>,
    agents: readonly string[],
  ) {
    const open = (agent: string): Pool =>
      createPool({ url: databaseUrl, schema: agent.replaceAll('-', '_'), max: 2, onError: () => undefined });
    this.pools = new Map(agents.map((agent) => [agent, open(agent)]));
    this.inspector = createInspector(connection);
  }

  of(agent: string): Pool {
    const pool = this.pools.get(agent);
    if (!pool) throw new Error(`no pool for ${agent}`);
    return pool;
  }

  /** Resolves when no agent has anything left to do and nothing new came while it was looked at. */
  async drained(withinMs = 60_000): Promise<void> {
    let before = '';
    await eventually(
      async () => {
        const left = await Promise.all([...this.pools.keys()].map((agent) => this.left(agent)));
        const now = JSON.stringify(left);
        const isSame = now === before;
        before = now;
        return { isSame, left: left.map(({ seen: _seen, ...rest }) => rest) };
      },
      ({ isSame, left }) =>
        isSame && left.every(({ records, outbox, pending }) => records + outbox + pending === 0),
      'an end of all work',
      withinMs,
    );
  }

  /** Dead letters of an agent: topic and error code, oldest first. */
  async deadLetters(agent: string): Promise<{ topic: string; error_code: string }[]> {
    const sql = 'SELECT topic, error_code FROM sb_dead_letter ORDER BY id';
    return (await this.of(agent).query<{ topic: string; error_code: string }>(sql)).rows;
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    await this.inspector.close();
  }

  private async left(agent: string): Promise<Left & { readonly seen: string }> {
    const pool = this.of(agent);
    const progress = await pool.query<{ topic: string; partition: number; next_offset: string }>(
      'SELECT topic, partition, next_offset FROM sb_progress ORDER BY topic, partition',
    );
    const topics = [...new Set(progress.rows.map(({ topic }) => topic))];
    const ends = new Map(
      await Promise.all(topics.map(async (topic) => [topic, await this.inspector.offsets(topic)] as const)),
    );
    const { rows } = await pool.query<{ outbox: string; pending: string }>(
      `SELECT (SELECT count(*) FROM sb_outbox) AS outbox,
              (SELECT count(*) FROM sb_pending WHERE kind <> 'timer' OR due_at < sb_now()) AS pending`,
    );
    const lags = progress.rows.map(({ topic, partition, next_offset: next }) =>
      Math.abs(Number((ends.get(topic)?.get(partition)?.end ?? 0n) - BigInt(next))),
    );
    return {
      agent,
      records: lags.reduce((sum, lag) => sum + lag, 0),
      outbox: Number(rows[0]?.outbox),
      pending: Number(rows[0]?.pending),
      seen: JSON.stringify(progress.rows),
    };
  }
}
