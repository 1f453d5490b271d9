import type { AgentDefinition, AnyHandler, StartFrom } from '@signalbox/agent-kit';
import type { AnyContract } from '@signalbox/contracts';

/** What a bus needs to know of an agent or a connector; an AgentDefinition is one, a StoryAgent as well. */
export interface BusAgent {
  readonly name: string;
  readonly handlers: readonly AnyHandler[];
  /** Contracts of the agent's own events. */
  readonly internal?: readonly AnyContract[];
  /** Default `earliest`. */
  readonly startFrom?: StartFrom;
  readonly codeVersion?: string;
}

/** The same as the runtime wants it. */
export function definitionOf(agent: BusAgent): AgentDefinition {
  return { startFrom: 'earliest', codeVersion: 'test', ...agent };
}
