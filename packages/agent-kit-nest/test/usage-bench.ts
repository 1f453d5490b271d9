import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { trialStarted, usageRecorded, type EventEnvelope } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import type { Type } from '@nestjs/common';
import { launchAgent, type RunningAgent } from '../src/start-agent.js';

/** An agent that answers `usage.recorded` of a user with plans (`trial.started`), on an installation of its own. */
export class UsageBench {
  private constructor(
    readonly installation: Installation,
    readonly agent: RunningAgent,
    /** The agent's own tables. */
    readonly pool: Pool,
  ) {}

  static async open(
    name: string,
    module: Type,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<UsageBench> {
    const installation = await Installation.open({ agents: [name] });
    const agent = await launchAgent(module, installation.environment(settings));
    const pool = createPool({
      url: installation.databaseUrl,
      schema: name,
      max: 2,
      onError: () => undefined,
    });
    return new UsageBench(installation, agent, pool);
  }

  async close(): Promise<void> {
    await this.agent.stop();
    await this.pool.end();
    await this.installation.close();
  }

  /** A user uses a feature, which tells the handler what to do. */
  readonly use = (user: string, feature: string, quantity = 1): Promise<EventEnvelope> =>
    this.installation.publish(usageRecorded, { user_id: user, feature, quantity, unit: 'call' });

  readonly plansOf = async (user: string): Promise<string[]> =>
    (await this.installation.events(trialStarted))
      .filter(({ data }) => data.user_id === user)
      .map(({ data }) => data.plan);

  readonly untilPlans = (user: string, count: number): Promise<string[]> =>
    eventually(
      () => this.plansOf(user),
      (plans) => plans.length >= count,
      `${count} plans of ${user}`,
    );

  /** Kinds of the user's pending rows, in their order. */
  readonly pendingOf = async (user: string): Promise<string[]> => {
    const { rows } = await this.pool.query<{ kind: string }>(
      'SELECT kind FROM sb_pending WHERE key_value = $1 ORDER BY sequence',
      [user],
    );
    return rows.map(({ kind }) => kind);
  };
}
