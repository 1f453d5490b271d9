import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { agentActivity, trialStarted, type ActivityEntry, type AnyContract } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import type { Type } from '@nestjs/common';
import type { AppProcess } from '../system/support/app-process.js';
import { startRelease } from './release-process.js';

/** What a person shows who redrives dead letters. */
const token = 'a-token-for-tests-only';

/** An installation in which releases of the agent `meter` come and go. */
export class MeterInstallation {
  private readonly running = new Set<RunningAgent>();
  private readonly processes: AppProcess[] = [];

  private constructor(
    readonly installation: Installation,
    readonly pool: Pool,
  ) {}

  static async open(): Promise<MeterInstallation> {
    const installation = await Installation.open({ agents: ['meter'] });
    const pool = createPool({
      url: installation.databaseUrl,
      schema: 'meter',
      max: 2,
      onError: () => undefined,
    });
    return new MeterInstallation(installation, pool);
  }

  async start(release: Type): Promise<RunningAgent> {
    const agent = await launchAgent(release, this.environment());
    this.running.add(agent);
    return agent;
  }

  /** The same in a process of its own. */
  async startProcess(release: 'old-meter' | 'new-meter'): Promise<AppProcess> {
    const started = await startRelease(release, this.environment());
    this.processes.push(started);
    return started;
  }

  /** Redrives a dead letter through the release that listens at `url`, as a person would. */
  async redrive(url: string, id: string): Promise<void> {
    const response = await fetch(`${url}/control/dead-letters/${id}/redrive`, {
      method: 'POST',
      body: JSON.stringify({ by: 'ann' }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`the redrive was refused: ${await response.text()}`);
  }

  async stop(agent: RunningAgent): Promise<void> {
    this.running.delete(agent);
    await agent.stop();
  }

  /** Publishes a reading in the version of its contract. */
  measure(contract: AnyContract, data: { meter_id: string }): Promise<unknown> {
    return this.installation.publish(contract, data, {
      metadata: { source_service: 'test', correlation_id: 'c', schema_version: contract.version },
    });
  }

  /** What was told of a meter so far, in order. */
  async told(meter: string): Promise<string[]> {
    const events = await this.installation.events(trialStarted);
    return events.flatMap(({ data }) => (data.user_id === meter ? [data.plan] : []));
  }

  toldEventually(meter: string, count: number): Promise<string[]> {
    return eventually(
      () => this.told(meter),
      (told) => told.length >= count,
      `${count} readings of ${meter}`,
    );
  }

  async activity(): Promise<ActivityEntry[]> {
    return (await this.installation.events(agentActivity)).flatMap(({ data }) => data.entries);
  }

  private environment(): Record<string, string> {
    return this.installation.environment({ CONTROL_TOKEN: token });
  }

  /** Who holds the partitions of a topic: the process of each. */
  async owners(topic: string): Promise<(string | null)[]> {
    const sql = 'SELECT owner FROM sb_progress WHERE topic = $1 ORDER BY partition';
    return (await this.rows<{ owner: string | null }>(sql, topic)).map(({ owner }) => owner);
  }

  /** Moves the agent's clock on. */
  async step(ms: number): Promise<void> {
    await this.pool.query('UPDATE sb_clock SET offset_ms = offset_ms + $1', [ms]);
  }

  async rows<T extends object>(sql: string, ...values: readonly string[]): Promise<T[]> {
    return (await this.pool.query<T>(sql, [...values])).rows;
  }

  pending(meter: string): Promise<{ kind: string; attempts: number; error_code: string | null }[]> {
    return this.rows(
      'SELECT kind, attempts, error_code FROM sb_pending WHERE key_value = $1 ORDER BY sequence',
      meter,
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((agent) => agent.stop()));
    await Promise.all(this.processes.map((one) => one.end('SIGTERM')));
    await this.pool.end();
    await this.installation.close();
  }
}
