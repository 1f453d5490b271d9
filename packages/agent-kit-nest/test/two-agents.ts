import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { usageRecorded } from '@signalbox/contracts';
import { Installation, SeededRandom, eventually } from '@signalbox/test-kit';
import { AgentProcess } from './agent-process.js';

/** Events on their way to Kafka at once. */
const width = 250;

/** Two processes of the agent of `faulty-agent.ts` on stores of their own, and somebody who kills one of them now and then. */
export class TwoAgents {
  private readonly agents: [AgentProcess, AgentProcess];
  private readonly random: SeededRandom;
  kills = 0;

  private constructor(
    readonly installation: Installation,
    readonly pool: Pool,
    private readonly environment: Readonly<Record<string, string>>,
    seed: number,
  ) {
    this.agents = [new AgentProcess(environment), new AgentProcess(environment)];
    this.random = new SeededRandom(seed);
  }

  /** `environment` is the installation's; resolves when both have their partitions. */
  static async start(
    installation: Installation,
    environment: Readonly<Record<string, string>>,
    seed: number,
  ): Promise<TwoAgents> {
    const url = installation.databaseUrl;
    const pool = createPool({ url, schema: 'faulty', max: 2, onError: () => undefined });
    const two = new TwoAgents(installation, pool, environment, seed);
    await Promise.all(two.agents.map((agent) => agent.ready()));
    return two;
  }

  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.end()));
    await this.pool.end();
  }

  /** Where one of them listens. */
  get url(): string {
    return this.agents[0].url ?? '';
  }

  /**
   * kill -9 of one of them after at least `leastMs` and less than `mostMs`, and a new process in its place once it is gone.
   * Not as soon as it is ready: who is killed three times in a row at the same row has a process killer, and says so.
   */
  async killOne(leastMs: number, mostMs: number): Promise<void> {
    const untilMs = performance.now() + leastMs + this.random.below(mostMs - leastMs);
    await eventually(
      () => Promise.resolve(performance.now()),
      (now) => now >= untilMs,
      'the next kill',
      mostMs + 30_000,
    );
    const at = this.random.below(2) as 0 | 1;
    await this.agents[at].end();
    this.kills += 1;
    this.agents[at] = new AgentProcess(this.environment);
    await this.agents[at].ready();
  }

  async count(from: string): Promise<number> {
    const { rows } = await this.pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${from}`);
    return Number(rows[0]?.n);
  }

  /** What a dead process had leased is free at once, instead of after 30 s; a living one loses its leases too. */
  async forgetLeases(): Promise<void> {
    await this.pool.query('UPDATE sb_pending SET lease_until = now() WHERE lease_until IS NOT NULL');
  }

  untilNone(from: string, what: string, withinMs: number): Promise<number> {
    return eventually(
      () => this.count(from),
      (n) => n === 0,
      what,
      withinMs,
    );
  }
}

/** Publishes the use of `feature` by many users. */
export async function useAll(
  installation: Installation,
  feature: string,
  uses: readonly { readonly user: string; readonly quantity: number }[],
): Promise<void> {
  for (let at = 0; at < uses.length; at += width) {
    await Promise.all(
      uses
        .slice(at, at + width)
        .map(({ user, quantity }) =>
          installation.publish(usageRecorded, { user_id: user, feature, quantity, unit: 'call' }),
        ),
    );
  }
}
