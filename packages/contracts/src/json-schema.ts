import { z } from 'zod';
import type { AnyContract } from './contract.js';

/** A JSON Schema document of draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of a contract's data, or of the flat payload senders post (`form: 'flat'`; the same where the event
 * type has none of its own). What it says is what is enforced: tests run both over the same values.
 */
export function contractJsonSchema(contract: AnyContract, form: 'data' | 'flat' = 'data'): JsonSchema {
  const schema = form === 'flat' ? (contract.flat ?? contract.schema) : contract.schema;
  return {
    ...z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }),
    title: contract.type,
    description: contract.summary,
  };
}
