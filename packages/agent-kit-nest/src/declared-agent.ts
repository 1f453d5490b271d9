import 'reflect-metadata';
import type { AgentDefinition } from '@signalbox/agent-kit';
import type { Environment } from '@signalbox/config';
import { Module, type Type } from '@nestjs/common';
import { DiscoveryService, ExternalContextCreator, MetadataScanner, NestFactory } from '@nestjs/core';
import type { AgentOptions } from './agent.module.js';
import { discoverHandlers } from './discovery/discover-handlers.js';
import { RuntimeModule } from './runtime/runtime.module.js';
import type { AgentSettings } from './settings.js';
import { AGENT_OPTIONS, AGENT_SETTINGS } from './tokens.js';

/** What an agent app declares, and the Nest application its handlers live in. */
export interface DeclaredAgent {
  readonly definition: AgentDefinition;
  close(): Promise<void>;
}

/**
 * Reads the agent an app's module declares without running it: handlers are made with what they depend on, but nothing
 * is migrated, consumed or published, and no port is opened. Rejects with `config_invalid` or
 * `agent_declaration_invalid`.
 */
export async function declaredAgent(module: Type, environment?: Environment): Promise<DeclaredAgent> {
  @Module({ imports: [RuntimeModule.forRoot(environment), module] })
  class DeclaredApp {}
  const app = await NestFactory.createApplicationContext(DeclaredApp, { logger: false, abortOnError: false });
  const { name, startFrom, internal } = app.get<AgentOptions>(AGENT_OPTIONS);
  const handlers = discoverHandlers(
    app.get(DiscoveryService),
    new MetadataScanner(),
    app.get(ExternalContextCreator),
  );
  const { CODE_VERSION: codeVersion } = app.get<AgentSettings>(AGENT_SETTINGS);
  const definition = { name, startFrom, handlers, codeVersion, ...(internal ? { internal } : {}) };
  return { definition, close: () => app.close() };
}
