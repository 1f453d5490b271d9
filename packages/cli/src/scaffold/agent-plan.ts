import * as contracts from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { AppDefinition } from '@signalbox/local-stack';
import { findEventType } from './find-event-type.js';

const nameCharsMax = 40;
const firstPort = 3_101;
const lastPort = 3_199;
/** Schemas of PostgreSQL itself, and names other parts of the installation have. */
const reserved = new Set(['public', 'information-schema', 'signalbox', 'agent', 'webhook', 'internal']);

/** One event type the new agent listens to. */
export interface PlannedEvent {
  readonly contract: contracts.AnyContract;
  /** Name under which the contracts package exports it, and the name of the handler. */
  readonly constant: string;
}

/** A new agent, before anything is written. */
export interface AgentPlan {
  readonly name: string;
  /** Folder and process: `agent-<name>`. */
  readonly app: string;
  readonly camel: string;
  readonly pascal: string;
  readonly port: number;
  readonly startFrom: 'earliest' | 'latest';
  readonly events: readonly PlannedEvent[];
}

/**
 * Checks what was asked for against the apps there are. Throws `request_malformed` for a name that cannot be used,
 * `event_type_unknown` with the nearest types, `overloaded` when no port is left.
 */
export function planAgent(
  name: string,
  types: readonly string[],
  startFrom: AgentPlan['startFrom'],
  apps: readonly AppDefinition[],
): AgentPlan {
  checkName(name, apps);
  const events = [...new Set(types)].map(plannedEvent);
  const words = name.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  const pascal = words.join('');
  const camel = pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
  return { name, app: `agent-${name}`, camel, pascal, port: freePort(apps), startFrom, events };
}

function checkName(name: string, apps: readonly AppDefinition[]): void {
  if (name.length > nameCharsMax || !/^[a-z]+(-[a-z]+)*$/.test(name)) {
    const rule = `lower-case words joined by '-', at most ${nameCharsMax} characters`;
    throw refusal(`'${name}' is no name for an agent: it must be ${rule}.`, 'Choose one like lead-scoring.');
  }
  if (name.startsWith('agent-') || reserved.has(name) || name.startsWith('pg-')) {
    throw refusal(`'${name}' cannot be an agent's name.`, 'Choose one that says what the agent cares about.');
  }
  const taken = apps.find((app) => app.agent === name || app.name === name || app.name === `agent-${name}`);
  if (taken)
    throw refusal(`There is an app ${taken.name} already, in ${taken.workspace}.`, 'Choose another name.');
}

function plannedEvent(type: string): PlannedEvent {
  const contract = findEventType(type);
  if (contract.kind === 'platform') {
    throw refusal(
      `${type} is about Signalbox itself; an agent that listens to it would feed itself.`,
      'Listen to a fact or a request.',
    );
  }
  const [constant] = Object.entries(contracts).find(([, value]) => value === contract) ?? [];
  if (constant === undefined)
    throw new SignalboxError('internal', `the contracts package does not export ${type}`);
  return { contract, constant };
}

function freePort(apps: readonly AppDefinition[]): number {
  const taken = new Set(apps.map(({ port }) => port));
  for (let port = firstPort; port <= lastPort; port += 1) if (!taken.has(port)) return port;
  throw refusal(`No port from ${firstPort} to ${lastPort} is free in infra/apps.json.`, 'Free one there.');
}

const refusal = (message: string, action: string): SignalboxError =>
  new SignalboxError('request_malformed', message, { action });
