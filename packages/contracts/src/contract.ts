import { SignalboxError } from '@signalbox/errors';
import { type z } from 'zod';

/** `fact` = something happened; `request` = ask a connector for an outside act; `platform` = about Signalbox itself. */
export type ContractKind = 'fact' | 'request' | 'platform';

/** Turns data of version `n` into data of version `n + 1`; pure, and it throws for what is no data of version `n`. */
export type EventUpcaster = (old: unknown) => unknown;

/** The public description of one event type. The topic has the same name unless `topic` says otherwise. */
export interface Contract<T extends string = string, D = unknown> {
  readonly type: T;
  /** Kafka topic, at most 249 characters. */
  readonly topic: string;
  /** Starts at 1 and grows with every change that data of before would break. */
  readonly version: number;
  /** `upcasters[n]` makes version n + 1 of version n: records of every version that was ever published stay readable. */
  readonly upcasters?: Readonly<Record<number, EventUpcaster>>;
  readonly kind: ContractKind;
  /** The team or app that owns the contract. */
  readonly owner: string;
  /** Who publishes it: agents and connectors by name, other services as they name themselves; at least one. */
  readonly publishers: readonly string[];
  /**
   * The agents and connectors that read it. They are named where a change would break them, so the list is held
   * against the handlers of all apps by a test.
   */
  readonly consumers: readonly string[];
  readonly summary: string;
  /** Schema of `data`. Objects are loose: unknown fields are kept. */
  readonly schema: z.ZodType<D>;
  /** Schema of the flat payload an outside system posts, where the event type has one. */
  readonly flat?: z.ZodType<D>;
  /** Name of the entity field in `data` that is the record key. */
  readonly keyField: string;
  readonly example: D;
}

/** Any contract, where the type of its data does not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyContract = Contract<string, any>;

export type DataOf<C> = C extends Contract<string, infer D> ? D : never;

export interface ContractDefinition<T extends string, S extends z.ZodType> {
  readonly type: T;
  readonly topic?: string;
  readonly version?: number;
  readonly upcasters?: Readonly<Record<number, EventUpcaster>>;
  readonly kind?: ContractKind;
  readonly owner: string;
  /** Default: the owner. */
  readonly publishers?: readonly string[];
  /** Default: nobody. */
  readonly consumers?: readonly string[];
  readonly summary: string;
  readonly schema: S;
  readonly flat?: z.ZodType;
  readonly keyField: keyof z.infer<S> & string;
  readonly example: z.infer<S>;
}

/**
 * Declares a contract. `version` defaults to 1, `kind` to `fact`, `topic` to the type, `publishers` to the owner. Throws `contract_invalid` when an
 * older version has no upcaster.
 */
export function defineContract<T extends string, S extends z.ZodType>(
  definition: ContractDefinition<T, S>,
): Contract<T, z.infer<S>> {
  const { flat, ...rest } = definition;
  checkUpcasters(definition);
  return Object.freeze({
    ...rest,
    topic: definition.topic ?? definition.type,
    version: definition.version ?? 1,
    kind: definition.kind ?? 'fact',
    publishers: Object.freeze([...(definition.publishers ?? [definition.owner])]),
    consumers: Object.freeze([...(definition.consumers ?? [])]),
    schema: definition.schema as unknown as z.ZodType<z.infer<S>>,
    ...(flat === undefined ? {} : { flat: flat as unknown as z.ZodType<z.infer<S>> }),
  });
}

function checkUpcasters({ type, version = 1, upcasters = {} }: ContractDefinition<string, z.ZodType>): void {
  for (let n = 1; n < version; n += 1) {
    if (upcasters[n]) continue;
    throw new SignalboxError(
      'contract_invalid',
      `'${type}' version ${version} lacks the upcaster from version ${n}`,
    );
  }
}

/**
 * Declares an event type that an agent sends to itself over `<agent>.internal`, keyed by another entity than the
 * event that led to it. Such contracts live in the agent's app, not in the catalogue.
 */
export function defineInternalContract<T extends string, S extends z.ZodType>(
  agent: string,
  definition: Omit<ContractDefinition<T, S>, 'topic' | 'kind' | 'owner'>,
): Contract<T, z.infer<S>> {
  return defineContract<T, S>({ ...definition, topic: internalTopic(agent), kind: 'platform', owner: agent });
}

/** The record key of an event: the value of the contract's entity field. */
export function keyOf(contract: AnyContract, data: unknown): string {
  const value = (data as Record<string, unknown>)[contract.keyField];
  return typeof value === 'string' ? value : String(value);
}

export const internalTopic = (agent: string): string => `${agent}.internal`;
export const deadLetterTopic = (agent: string): string => `${agent}.dlq`;
/** The delays for which an agent has a retry topic, in milliseconds. */
export const retryDelaysMs = Object.freeze({ '5s': 5_000, '1m': 60_000, '10m': 600_000 });
export const retryTopic = (agent: string, delay: keyof typeof retryDelaysMs): string =>
  `${agent}.retry.${delay}`;
