import type { IncomingRecord } from '@signalbox/agent-kit';
import {
  createInspector,
  applyTopics,
  type KafkaInspector,
  type NamespacedConnection,
} from '@signalbox/agent-kit-kafka';
import { createDatabase } from '@signalbox/agent-kit-postgres';
import { agentTopics, catalogueTopics, eventBytesMax } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import type { BenchStack } from './stack.js';

export interface WorldOptions {
  /** Agents whose own topics are needed; with any, the whole catalogue is made as well. */
  readonly agents?: readonly string[];
  readonly topics?: readonly string[];
  /** Partitions of every topic. */
  readonly partitions: number;
}

/** Near the goal, which decides how exact the clock is; before that, so that asking costs the brokers nothing worth mentioning. */
const askEveryMs = 10;
const askSeldomMs = 50;
const nearShare = 0.8;

/** What one side has for itself: topics behind a prefix, and a database. */
export class World {
  private constructor(
    readonly name: string,
    readonly connection: NamespacedConnection,
    readonly databaseUrl: string,
    readonly pool: Pool,
    private readonly inspector: KafkaInspector,
  ) {}

  static async open(stack: BenchStack, name: string, options: WorldOptions): Promise<World> {
    const { agents = [], topics = [], partitions } = options;
    const connection = { brokers: stack.brokers, clientId: `bench-${name}`, namespace: name };
    const plain = topics.map((topic) => ({ topic, retentionMs: 86_400_000, maxMessageBytes: eventBytesMax }));
    const specs =
      agents.length > 0 ? [...catalogueTopics(), ...agents.flatMap(agentTopics), ...plain] : plain;
    await applyTopics(connection, specs, { partitions, replication: 1 });
    const databaseUrl = await createDatabase(stack.databaseUrl, `bench_${name.replaceAll('-', '_')}`);
    const pool = new Pool({ connectionString: databaseUrl, max: 2 });
    // The stack may stop before the last idle connection is closed.
    pool.on('error', () => undefined);
    return new World(name, connection, databaseUrl, pool, createInspector(connection));
  }

  /** Environment of an app or rival that works here. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      KAFKA_BROKERS: this.connection.brokers.join(','),
      KAFKA_NAMESPACE: this.name,
      DATABASE_URL: this.databaseUrl,
      LOG_LEVEL: 'error',
      ...more,
    };
  }

  /** How many records the topic has ever got. */
  async recordCount(topic: string): Promise<number> {
    let count = 0;
    for (const { end } of (await this.inspector.offsets(topic)).values()) count += Number(end);
    return count;
  }

  /** Resolves with the time (monotonic ms) at which the topic was seen to hold `count` records. */
  async recordsReached(topic: string, count: number, withinMs: number): Promise<number> {
    const untilMs = performance.now() + withinMs;
    let first: number | undefined;
    for (;;) {
      const seen = await this.recordCount(topic);
      first ??= seen;
      if (seen >= count) return performance.now();
      if (performance.now() > untilMs) throw lost(`${this.name}: ${topic}`, count, seen);
      const isNear = seen - first >= (count - first) * nearShare;
      await delay(isNear ? askEveryMs : askSeldomMs);
    }
  }

  /** Everything the topic holds now. */
  readTopic(topic: string): AsyncIterable<IncomingRecord> {
    return this.inspector.readTopic(topic);
  }

  /** Different record keys in a topic: what was handled, however often it was written. */
  async distinctKeys(topic: string): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const { key } of this.inspector.readTopic(topic)) keys.add(key?.toString('utf8') ?? '');
    return keys;
  }

  /** The single number a query gives. */
  async count(sql: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(sql);
    return Number(rows[0]?.count);
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.inspector.close()]);
  }
}

/** A bench in which anything was lost has failed. */
export function lost(what: string, wanted: number, seen: number): SignalboxError {
  return new SignalboxError('internal', `${what}: ${wanted} were sent, ${seen} were handled`);
}
