import {
  AgentRuntime,
  type AgentDefinition,
  type RecordConsumer,
  type RecordProducer,
  type TopicInspector,
} from '@signalbox/agent-kit';
import { createConsumer, createInspector, createProducer } from '@signalbox/agent-kit-kafka';
import { PostgresOperator, PostgresStore, PostgresUpkeep, type Pool } from '@signalbox/agent-kit-postgres';
import { kafkaConnection } from '@signalbox/config';
import type { Logger, Metrics } from '@signalbox/observability';
import type { AgentSettings } from '../settings.js';
import type { RuntimeHolder } from './runtime-holder.js';
import { systemClock, systemRandom } from './system-ports.js';

/** Connections kept out of chunk transactions: for claims, the sweeper and the pending table. */
const POOL_RESERVE = 2;

/** Puts a runtime together from the real adapters. */
export function buildRuntime(
  agent: AgentDefinition,
  settings: AgentSettings,
  database: { readonly pool: Pool; readonly schema: string },
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  onFatal: (error: Error) => void,
  holder: RuntimeHolder,
): AgentRuntime {
  const connection = kafkaConnection(settings, `signalbox-${agent.name}`);
  const instance = systemRandom.uuid();
  const store = new PostgresStore({ ...database, url: settings.DATABASE_URL, instance });
  const operator = new PostgresOperator({ ...database, instance });
  const producer: RecordProducer = createProducer(connection, { logger });
  const consumer: RecordConsumer = createConsumer(connection, { logger });
  const inspector: TopicInspector = createInspector(connection, logger);
  const runtime = new AgentRuntime(agent, {
    instance,
    store,
    operator,
    producer,
    consumer,
    inspector,
    clock: systemClock,
    random: systemRandom,
    log: logger,
    metrics,
    upkeep: new PostgresUpkeep(database.pool, instance),
    transactionsMax: Math.max(1, settings.DATABASE_POOL_MAX - POOL_RESERVE),
    onFatal,
    ...(settings.EFFECTS_PER_HOUR_MAX ? { effectsPerHourMax: settings.EFFECTS_PER_HOUR_MAX } : {}),
  });
  holder.runtime = runtime;
  holder.store = store;
  holder.operator = operator;
  return runtime;
}
