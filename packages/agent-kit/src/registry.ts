import { catalogue, internalTopic, type AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { AgentDefinition, DecideHandler, PerformHandler, TimerHandler } from './handlers.js';

// The registry holds handlers of every data type; each is only ever given events of its own contract.
/* eslint-disable @typescript-eslint/no-explicit-any */
export type AnyDecide = DecideHandler<any, any>;
export type AnyTimer = TimerHandler<any, any>;
export type AnyPerform = PerformHandler<any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** What a topic carries for this agent: its contracts by event type, each with its handlers. */
export interface Route {
  readonly contract: AnyContract;
  readonly handlers: readonly (AnyDecide | AnyPerform)[];
}

/** An agent's declaration, checked and indexed. */
export interface Registry {
  readonly agent: AgentDefinition;
  /** Input topics, sorted; the internal topic is among them when the agent has internal contracts. */
  readonly topics: readonly string[];
  route(topic: string, eventType: string): Route | undefined;
  timer(kind: string, name: string): AnyTimer | undefined;
  handler(name: string): AnyDecide | AnyPerform | AnyTimer | undefined;
  readonly performs: boolean;
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Checks a declaration whole; throws `agent_declaration_invalid` that lists every mistake. */
export function createRegistry(agent: AgentDefinition): Registry {
  const problems = findProblems(agent);
  if (problems.length > 0) {
    throw new SignalboxError(
      'agent_declaration_invalid',
      `Agent '${agent.name}' is declared wrongly:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
  const routes = new Map<
    string,
    Map<string, { contract: AnyContract; handlers: (AnyDecide | AnyPerform)[] }>
  >();
  for (const handler of agent.handlers) {
    if (handler.kind === 'timer') continue;
    const byType = routes.get(handler.contract.topic) ?? new Map();
    routes.set(handler.contract.topic, byType);
    const route = byType.get(handler.contract.type) ?? {
      contract: handler.contract as AnyContract,
      handlers: [],
    };
    byType.set(handler.contract.type, route);
    route.handlers.push(handler as AnyDecide | AnyPerform);
  }
  const timers = new Map(
    agent.handlers.flatMap((h) =>
      h.kind === 'timer' ? [[`${h.state.kind}\n${h.timer}`, h as AnyTimer]] : [],
    ) as [string, AnyTimer][],
  );
  const byName = new Map(agent.handlers.map((handler) => [handler.name, handler]));
  return Object.freeze({
    agent,
    topics: [...routes.keys()].sort(),
    route: (topic: string, type: string) => routes.get(topic)?.get(type),
    timer: (kind: string, name: string) => timers.get(`${kind}\n${name}`),
    handler: (name: string) => byName.get(name) as AnyDecide | AnyPerform | AnyTimer | undefined,
    performs: agent.handlers.some(({ kind }) => kind === 'perform'),
  });
}

function findProblems(agent: AgentDefinition): string[] {
  const problems: string[] = [];
  if (!NAME.test(agent.name)) problems.push(`the name must match ${NAME.source}`);
  if (agent.handlers.length === 0) problems.push('it has no handlers');
  const names = new Set<string>();
  const timers = new Set<string>();
  const internal = new Set((agent.internal ?? []).map(({ type }) => type));
  for (const handler of agent.handlers) {
    if (names.has(handler.name)) problems.push(`two handlers are called '${handler.name}'`);
    names.add(handler.name);
    if (handler.kind === 'timer') {
      const id = `${handler.state.kind}/${handler.timer}`;
      if (timers.has(id)) problems.push(`timer '${id}' has two handlers`);
      timers.add(id);
      continue;
    }
    const { type, topic } = handler.contract;
    if (
      topic === internalTopic(agent.name) ? !internal.has(type) : catalogue.get(type) !== handler.contract
    ) {
      problems.push(
        `handler '${handler.name}': '${type}' is neither in the catalogue nor among the agent's internal contracts`,
      );
    }
  }
  return [...problems, ...stateProblems(agent)];
}

function stateProblems(agent: AgentDefinition): string[] {
  const kinds = new Map<string, unknown>();
  const problems: string[] = [];
  for (const handler of agent.handlers) {
    if (handler.kind === 'perform' || handler.state === undefined) continue;
    const known = kinds.get(handler.state.kind);
    if (known !== undefined && known !== handler.state)
      problems.push(`state kind '${handler.state.kind}' is defined twice`);
    kinds.set(handler.state.kind, handler.state);
  }
  return problems;
}
