import { defineState, emit, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { AgentModule } from '../src/agent.module.js';
import { AgentHandlers, On } from '../src/decorators/decorators.js';
import { launchAgent, type RunningAgent } from '../src/start-agent.js';

const seen = defineState({ kind: 'seen', schema: z.object({ quantities: z.array(z.number()) }) });
type Seen = { quantities: number[] };

/** What the outside world of the test does to the handler: features that fail, and how. */
export const broken = new Map<string, 'fatal' | 'again'>();

@AgentHandlers()
class OperatedHandlers {
  @On(usageRecorded, { state: seen, retry: { delaysMs: [3_600_000], afterDeadLetter: 'go-on' } })
  record({ event, state, now }: DecideInput<Seen, DataOf<typeof usageRecorded>>): readonly Output<Seen>[] {
    const { feature, quantity, user_id } = event.data;
    const how = broken.get(feature);
    if (how === 'fatal') throw new FatalError(`${feature} is broken`);
    if (how === 'again') throw new Error(`${feature} fails`);
    const quantities = [...(state?.quantities ?? []), quantity];
    const at = now.toISOString();
    const data = { user_id, plan: quantities.join(), started_at: at, ends_at: at };
    return [setState({ quantities }), emit(trialStarted, data)];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'operated', startFrom: 'earliest' })],
  controllers: [OperatedHandlers],
})
class OperatedModule {}

export const token = 'a-token-for-tests-only';

export interface Letter {
  readonly id: string;
  readonly status: string;
  readonly redrives: number;
  readonly fingerprint: string;
  readonly event_id: string;
}

/** The answer of the control API, looked at with matchers. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A real agent that notes usage, on stores of its own, and what a test asks it and its tables. */
export class OperatedAgent {
  private constructor(
    readonly installation: Installation,
    public agent: RunningAgent,
    readonly pool: Pool,
  ) {}

  static async open(): Promise<OperatedAgent> {
    const installation = await Installation.open({ agents: ['operated'] });
    const agent = await launchAgent(OperatedModule, installation.environment({ CONTROL_TOKEN: token }));
    const url = installation.databaseUrl;
    const pool = createPool({ url, schema: 'operated', max: 2, onError: () => undefined });
    return new OperatedAgent(installation, agent, pool);
  }

  async close(): Promise<void> {
    await this.agent.stop();
    await this.pool.end();
    await this.installation.close();
  }

  /** Stops the agent and starts it again, as a new process would. */
  async restart(): Promise<void> {
    await this.agent.stop();
    this.agent = await launchAgent(OperatedModule, this.installation.environment({ CONTROL_TOKEN: token }));
  }

  async control(
    path: string,
    body?: object,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ): Promise<Answer> {
    const response = await fetch(`${this.agent.url}/control${path}`, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    });
    return { status: response.status, body: (await response.json()) as object };
  }

  async use(user: string, feature: string, quantity: number): Promise<void> {
    await this.installation.publish(usageRecorded, { user_id: user, feature, quantity, unit: 'call' });
  }

  async plansOf(user: string): Promise<string[]> {
    return (await this.installation.events(trialStarted))
      .filter(({ data }) => data.user_id === user)
      .map(({ data }) => data.plan);
  }

  untilPlans(user: string, wanted: readonly string[]): Promise<string[]> {
    return eventually(
      () => this.plansOf(user),
      (plans) => plans.length >= wanted.length,
      `plans ${wanted.join(' ')} of ${user}`,
    );
  }

  async lettersOf(user: string): Promise<Letter[]> {
    const { rows } = await this.pool.query<Letter>(
      'SELECT id, status, redrives, fingerprint, event_id FROM sb_dead_letter WHERE key_value LIKE $1 ORDER BY id',
      [user],
    );
    return rows;
  }

  untilLetters(user: string, count: number): Promise<Letter[]> {
    return eventually(
      () => this.lettersOf(user),
      (letters) => letters.length >= count,
      `${count} dead letters of ${user}`,
    );
  }

  async queueOf(user: string): Promise<{ kind: string; has_time: boolean }[]> {
    const { rows } = await this.pool.query<{ kind: string; has_time: boolean }>(
      'SELECT kind, claim_at IS NOT NULL AS has_time FROM sb_pending WHERE key_value = $1 ORDER BY sequence',
      [user],
    );
    return rows;
  }

  untilQueue(user: string, count: number): Promise<{ kind: string; has_time: boolean }[]> {
    return eventually(
      () => this.queueOf(user),
      (rows) => rows.length === count,
      `${count} rows in the queue of ${user}`,
    );
  }
}
