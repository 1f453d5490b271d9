import { contractJsonSchema, type AnyContract, type JsonSchema } from '@signalbox/contracts';
import { envelopeJsonSchema, exampleEnvelope } from '@signalbox/contracts/reference';
import { errorCodes } from '@signalbox/errors';

export const dataSchemaName = ({ type }: AnyContract): string => `${type}.data`;
export const flatSchemaName = ({ type }: AnyContract): string => `${type}.flat`;
export const envelopeSchemaName = ({ type }: AnyContract): string => `${type}.envelope`;
export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** The schemas of the contracts as components: data, the envelope around it, and the flat form where there is one. */
export function contractSchemas(contracts: readonly AnyContract[]): JsonSchema {
  return Object.fromEntries(
    contracts.flatMap((contract) => [
      [dataSchemaName(contract), withoutDraft(contractJsonSchema(contract))],
      [
        envelopeSchemaName(contract),
        {
          ...withoutDraft(envelopeJsonSchema(contract, schemaRef(dataSchemaName(contract)))),
          examples: [exampleEnvelope(contract)],
        },
      ],
      ...(contract.flat
        ? [
            [
              flatSchemaName(contract),
              { ...withoutDraft(contractJsonSchema(contract, 'flat')), examples: [contract.example] },
            ],
          ]
        : []),
    ]) as [string, JsonSchema][],
  );
}

/** The document names the draft once. */
function withoutDraft({ $schema: _draft, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** What the gateway answers, whatever was sent. */
export const answerSchemas: JsonSchema = {
  Accepted: {
    type: 'object',
    description: 'Kafka has the event and the record of the webhook.',
    required: ['status', 'event_id', 'correlation_id'],
    properties: {
      status: { const: 'accepted' },
      event_id: {
        type: 'string',
        description: 'The same for the same webhook sent again: agents handle an id once.',
      },
      correlation_id: { type: 'string', description: 'The story: `signalbox story <correlation_id>`.' },
    },
  },
  Problem: {
    type: 'object',
    description: 'Why a request was refused, as RFC 9457 has it.',
    required: ['type', 'title', 'status', 'code', 'detail', 'action', 'pointers'],
    properties: {
      type: { type: 'string', format: 'uri', description: '`urn:signalbox:problem:` and the code.' },
      title: { type: 'string', description: "The status in HTTP's own words." },
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(errorCodes), description: 'What a program branches on.' },
      detail: { type: 'string', description: 'What was wrong with this request.' },
      action: { type: 'string', description: 'What to do.' },
      pointers: {
        type: 'array',
        description: 'The bad fields, as JSON pointers (RFC 6901) into the body.',
        items: {
          type: 'object',
          required: ['pointer', 'message'],
          properties: { pointer: { type: 'string' }, message: { type: 'string' } },
        },
      },
      instance: {
        type: 'string',
        description: '`urn:uuid:` and the id of the webhook in `webhook.received`.',
      },
    },
  },
};
