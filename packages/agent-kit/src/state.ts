import { SignalboxError } from '@signalbox/errors';
import type { z } from 'zod';

/** The name of one state: its kind (declared once) and its value (an entity's id, at most 255 characters). */
export interface StateKey {
  readonly kind: string;
  readonly value: string;
}

/** Turns state of version `n` into version `n + 1`. */
export type StateUpcaster = (old: unknown) => unknown;

/** A kind of state an agent keeps: one value per key, stored as JSON, read and written only in the event's transaction. */
export interface StateDefinition<S = unknown> {
  readonly kind: string;
  readonly version: number;
  readonly schema: z.ZodType<S>;
  /** `upcasters[n]` makes version n + 1 of version n; every version below `version` needs one. */
  readonly upcasters: Readonly<Record<number, StateUpcaster>>;
  /** The key of one entity's state. */
  key(value: string): StateKey;
}

export type StateOf<D> = D extends StateDefinition<infer S> ? S : never;

/**
 * Declares a kind of state. `kind` is unique in the agent (1 to 63 characters, lower case, digits, `-`);
 * `version` starts at 1 and grows with every change a reader of the old form would not understand.
 */
export function defineState<S>(definition: {
  readonly kind: string;
  readonly version?: number;
  readonly schema: z.ZodType<S>;
  readonly upcasters?: Readonly<Record<number, StateUpcaster>>;
}): StateDefinition<S> {
  const { kind, version = 1, schema, upcasters = {} } = definition;
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(kind))
    throw new SignalboxError(
      'agent_declaration_invalid',
      `state kind '${kind}' must match [a-z][a-z0-9-]{0,62}`,
    );
  for (let n = 1; n < version; n += 1) {
    if (!upcasters[n])
      throw new SignalboxError(
        'agent_declaration_invalid',
        `state '${kind}' version ${version} lacks the upcaster from version ${n}`,
      );
  }
  return Object.freeze({ kind, version, schema, upcasters, key: (value: string) => ({ kind, value }) });
}
