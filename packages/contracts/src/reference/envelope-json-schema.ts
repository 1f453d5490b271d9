import { z } from 'zod';
import type { AnyContract } from '../contract.js';
import { envelopeSchema, type EventEnvelope } from '../envelope.js';
import type { JsonSchema, JsonSchemaDraft } from '../json-schema.js';

/** JSON Schema of the whole record value for one event type; `data` stands for the schema of its data. */
export function envelopeJsonSchema(
  contract: AnyContract,
  data: JsonSchema,
  target: JsonSchemaDraft = 'draft-2020-12',
): JsonSchema {
  const { properties, ...rest } = z.toJSONSchema(envelopeSchema, { target, io: 'input' });
  return { ...rest, properties: { ...properties, event_type: { const: contract.type }, data } };
}

/** An event as it stands on Kafka, with the contract's example as data. */
export function exampleEnvelope(contract: AnyContract): EventEnvelope {
  return {
    event_id: '01980000-0000-7000-8000-000000000001',
    event_type: contract.type,
    timestamp: '2026-04-05T12:01:00Z',
    data: contract.example,
    metadata: {
      source_service: contract.publishers[0] ?? contract.owner,
      correlation_id: '01980000-0000-7000-8000-000000000001',
      schema_version: contract.version,
    },
  };
}
