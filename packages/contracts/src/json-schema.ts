import { z } from 'zod';
import type { AnyContract } from './contract.js';

/** A JSON Schema document of draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Draft of JSON Schema: 2020-12 for everyone, draft 7 for tools that know no newer one. */
export type JsonSchemaDraft = 'draft-2020-12' | 'draft-7';

/**
 * The JSON Schema of a contract's data, or of the flat payload senders post (`form: 'flat'`; the same where the event
 * type has none of its own). What it says is what is enforced: tests run both over the same values.
 */
export function contractJsonSchema(
  contract: AnyContract,
  form: 'data' | 'flat' = 'data',
  target: JsonSchemaDraft = 'draft-2020-12',
): JsonSchema {
  const schema = form === 'flat' ? (contract.flat ?? contract.schema) : contract.schema;
  return {
    ...z.toJSONSchema(schema, { target, io: 'input' }),
    title: contract.type,
    description: contract.summary,
  };
}
