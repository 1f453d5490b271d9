import type { StartFrom } from '@signalbox/agent-kit';
import type { AnyContract } from '@signalbox/contracts';
import { type DynamicModule, Module } from '@nestjs/common';
import { AGENT_OPTIONS } from './tokens.js';

/** What an agent app says about itself. */
export interface AgentOptions {
  /** The agent's short name: group id, database schema and prefix of its topics. */
  readonly name: string;
  /** Where to begin on topics the agent has never read. */
  readonly startFrom: StartFrom;
  /** Contracts of the agent's own events on `<name>.internal`. */
  readonly internal?: readonly AnyContract[];
  /** Another spelling of the agent's own endpoint, `/webhooks/<endpoint>`, beside `/webhooks/<name>-agent`. */
  readonly endpoint?: string;
  /** Folders with numbered SQL migrations of the app's own tables (absolute paths), applied after the kit's. */
  readonly migrations?: readonly string[];
}

/** Makes a Nest module an agent: import `AgentModule.forRoot({...})` and list the handler classes as controllers. */
@Module({})
export class AgentModule {
  static forRoot(options: AgentOptions): DynamicModule {
    return {
      module: AgentModule,
      global: true,
      providers: [{ provide: AGENT_OPTIONS, useValue: Object.freeze({ ...options }) }],
      exports: [AGENT_OPTIONS],
    };
  }
}
