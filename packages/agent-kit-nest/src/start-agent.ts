import 'reflect-metadata';
import { allAnswers, type AgentDefinition, type AgentRuntime } from '@signalbox/agent-kit';
import { migrate, openConnections, type Pool } from '@signalbox/agent-kit-postgres';
import type { Environment } from '@signalbox/config';
import { createLogger, type Logger, type Metrics } from '@signalbox/observability';
import { type INestApplication, Module, type Type } from '@nestjs/common';
import { DiscoveryService, ExternalContextCreator, MetadataScanner, NestFactory } from '@nestjs/core';
import type { AgentOptions } from './agent.module.js';
import { discoverHandlers } from './discovery/discover-handlers.js';
import { rawBodies } from './intake/raw-bodies.js';
import { buildRuntime } from './runtime/build-runtime.js';
import { errorFields } from './runtime/error-fields.js';
import { nestLogger } from './runtime/nest-logger.js';
import { RuntimeHolder } from './runtime/runtime-holder.js';
import { RuntimeModule } from './runtime/runtime.module.js';
import { watchLoop } from './runtime/loop-watch.js';
import { SignalboxStrategy } from './runtime/signalbox-strategy.js';
import type { AgentSettings } from './settings.js';
import { AGENT_OPTIONS, AGENT_SETTINGS, LOGGER, METRICS, PG_POOL, PG_SCHEMA } from './tokens.js';

/** A started agent app. */
export interface RunningAgent {
  readonly app: INestApplication;
  readonly runtime: AgentRuntime;
  /** Address of health and metrics, e.g. http://127.0.0.1:3103. */
  readonly url: string;
  /** Finishes what is at work and stops, in at most about 10 s. */
  stop(): Promise<void>;
}

/**
 * Starts an agent inside this process: settings, migrations, HTTP for health, the runtime. `environment` is the
 * process's own by default; tests hand in theirs. Rejects with `config_invalid`, `agent_declaration_invalid`,
 * `schema_newer`, `migration_changed` or `database_unavailable`, and leaves nothing open then.
 */
export async function launchAgent(
  module: Type,
  environment?: Environment,
  onFatal: (error: Error) => void = () => undefined,
): Promise<RunningAgent> {
  @Module({ imports: [RuntimeModule.forRoot(environment), module] })
  class AgentApp {}
  const app = await NestFactory.create(AgentApp, { bufferLogs: true, abortOnError: false });
  app.use('/webhooks', rawBodies);
  const stop = async (): Promise<void> => {
    await app.close();
    await app.get<Pool>(PG_POOL).end();
  };
  try {
    return { app, stop, ...(await start(app, onFatal)) };
  } catch (error) {
    await stop().catch(() => undefined); // what went wrong first is what matters
    throw error;
  }
}

async function start(
  app: INestApplication,
  onFatal: (error: Error) => void,
): Promise<Pick<RunningAgent, 'runtime' | 'url'>> {
  const logger = app.get<Logger>(LOGGER);
  app.useLogger(nestLogger(logger));
  const options = app.get<AgentOptions>(AGENT_OPTIONS);
  const settings = app.get<AgentSettings>(AGENT_SETTINGS);
  const database = { pool: app.get<Pool>(PG_POOL), schema: app.get<string>(PG_SCHEMA) };
  const definition = definitionOf(app, options, settings);
  const runtime = buildRuntime(
    definition,
    settings,
    database,
    { logger, metrics: app.get<Metrics>(METRICS) },
    onFatal,
    app.get(RuntimeHolder),
  );
  app.connectMicroservice({ strategy: new SignalboxStrategy(runtime) });
  // Side by side: none needs what another does, and all but the last mostly wait.
  const [applied] = await allAnswers([
    migrate(settings.DATABASE_URL, database.schema, options.migrations),
    openConnections(database.pool, settings.DATABASE_POOL_MAX),
    runtime.connect(),
    app.init(),
  ]);
  if (applied.length > 0)
    logger.info({ schema: database.schema, applied }, 'The database schema was brought up to date');
  // Nothing is claimed before the tables are there.
  await app.startAllMicroservices();
  await app.listen(settings.PORT, settings.HOST);
  const url = await app.getUrl();
  logger.info({ url, agent: options.name, instance: runtime.instance }, 'The agent is running');
  return { runtime, url };
}

function definitionOf(
  app: INestApplication,
  options: AgentOptions,
  settings: AgentSettings,
): AgentDefinition {
  const { name, startFrom, internal } = options;
  const handlers = discoverHandlers(
    app.get(DiscoveryService),
    new MetadataScanner(),
    app.get(ExternalContextCreator),
  );
  return { name, startFrom, handlers, codeVersion: settings.CODE_VERSION, ...(internal ? { internal } : {}) };
}

const STOP_MS = 10_000;

/** Starts an agent app as a process of its own: stops on SIGTERM and SIGINT within 10 s, ends with code 1 on a failed start. */
export async function startAgent(module: Type): Promise<void> {
  const fallback = createLogger(module.name);
  const end = (code: number): never => process.exit(code);
  watchLoop(); // before anything can get stuck; its thread comes up while this one makes the app
  try {
    const agent = await launchAgent(module, undefined, (error) => {
      fallback.error(errorFields(error), 'The agent cannot go on; the process ends');
      end(1);
    });
    const stop = (): void => {
      setTimeout(() => end(1), STOP_MS).unref();
      void agent.stop().then(
        () => end(0),
        () => end(1),
      );
    };
    process.once('SIGTERM', stop).once('SIGINT', stop);
  } catch (error) {
    fallback.error(errorFields(error), 'The agent could not start');
    end(1);
  }
}
