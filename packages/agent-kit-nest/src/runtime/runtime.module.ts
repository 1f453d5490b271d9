import type { Environment } from '@signalbox/config';
import { loadSettings } from '@signalbox/config';
import { createPool } from '@signalbox/agent-kit-postgres';
import { createLogger, createMetrics, type Logger } from '@signalbox/observability';
import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { AgentOptions } from '../agent.module.js';
import { controlControllers, controlProviders } from '../control/control-parts.js';
import { HealthController } from '../health/health.controller.js';
import { AgentIntake } from '../intake/agent-intake.js';
import { IntakeSignature } from '../intake/intake-signature.js';
import { IntakeController } from '../intake/intake.controller.js';
import { agentSettings, type AgentSettings } from '../settings.js';
import {
  AGENT_ENVIRONMENT,
  AGENT_OPTIONS,
  AGENT_SETTINGS,
  LOGGER,
  METRICS,
  PG_POOL,
  PG_SCHEMA,
} from '../tokens.js';
import { RuntimeHolder } from './runtime-holder.js';
import { systemClock } from './system-ports.js';

const QUIET_MS = 30_000;

/** Connections break together: one line for all of them. */
function quietly(say: (error: Error) => void): (error: Error) => void {
  let lastMs = -Infinity;
  return (error) => {
    const now = systemClock.monotonicMs();
    if (now - lastMs < QUIET_MS) return;
    lastMs = now;
    say(error);
  };
}

/** What every agent app has without asking: settings, log, metrics, pool, health. Imported around the app's own module. */
@Module({})
export class RuntimeModule {
  static forRoot(environment: Environment | undefined): DynamicModule {
    return {
      module: RuntimeModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [HealthController, IntakeController, ...controlControllers],
      providers: [
        RuntimeHolder,
        ...controlProviders,
        IntakeSignature,
        AgentIntake,
        { provide: AGENT_ENVIRONMENT, useValue: environment },
        { provide: AGENT_SETTINGS, useFactory: () => loadSettings(agentSettings, environment) },
        {
          provide: LOGGER,
          inject: [AGENT_OPTIONS, AGENT_SETTINGS],
          useFactory: ({ name }: AgentOptions, { LOG_LEVEL }: AgentSettings) => createLogger(name, LOG_LEVEL),
        },
        {
          provide: METRICS,
          inject: [AGENT_OPTIONS],
          useFactory: ({ name }: AgentOptions) => createMetrics(name),
        },
        {
          provide: PG_SCHEMA,
          inject: [AGENT_OPTIONS, AGENT_SETTINGS],
          useFactory: ({ name }: AgentOptions, settings: AgentSettings) =>
            settings.DATABASE_SCHEMA ?? name.replaceAll('-', '_'),
        },
        {
          provide: PG_POOL,
          inject: [AGENT_SETTINGS, PG_SCHEMA, LOGGER],
          useFactory: (settings: AgentSettings, schema: string, logger: Logger) =>
            createPool({
              url: settings.DATABASE_URL,
              schema,
              max: settings.DATABASE_POOL_MAX,
              onError: quietly((error) =>
                logger.warn({ error: error.message }, 'A database connection broke'),
              ),
            }),
        },
      ],
      exports: [
        AGENT_ENVIRONMENT,
        AGENT_SETTINGS,
        LOGGER,
        METRICS,
        PG_POOL,
        PG_SCHEMA,
        RuntimeHolder,
        AgentIntake,
        DiscoveryModule,
      ],
    };
  }
}
