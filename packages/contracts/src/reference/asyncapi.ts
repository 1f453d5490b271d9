import type { AnyContract } from '../contract.js';
import { envelopeContentType } from '../envelope.js';
import { contractJsonSchema, type JsonSchema } from '../json-schema.js';
import { envelopeJsonSchema, exampleEnvelope } from './envelope-json-schema.js';

type Entries = [name: string, value: JsonSchema][];

/** The catalogue as an AsyncAPI 3.0 document (asyncapi.com/docs/reference/specification/v3.0.0): a channel for each topic. */
export function asyncApiDocument(catalogue: ReadonlyMap<string, AnyContract>): JsonSchema {
  const contracts = [...catalogue.values()];
  const each = (entry: (contract: AnyContract) => Entries): JsonSchema =>
    Object.fromEntries(contracts.flatMap(entry));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Signalbox events',
      version: '1.0.0',
      description:
        'Every public event type. A record value is the envelope as JSON, its key the entity the contract names, its partition that of the Java client (murmur2).',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: envelopeContentType,
    channels: each((contract) => [[contract.type, channel(contract)]]),
    operations: each(operations),
    components: {
      messages: each((contract) => [[contract.type, message(contract)]]),
      schemas: each((contract) => [[contract.type, withoutDraft(contract)]]),
    },
  };
}

/** References stand in place of the draft that each file of its own names. */
function withoutDraft(contract: AnyContract): JsonSchema {
  const { $schema: _draft, ...schema } = contractJsonSchema(contract, 'data', 'draft-7');
  return schema;
}

function channel({ type, topic, summary, owner, kind, publishers, consumers }: AnyContract): JsonSchema {
  return {
    address: topic,
    title: type,
    summary,
    messages: { event: { $ref: `#/components/messages/${type}` } },
    tags: [{ name: kind }, { name: `owner:${owner}` }],
    bindings: { kafka: { topic, bindingVersion: '0.5.0' } },
    'x-owner': owner,
    'x-publishers': publishers,
    'x-consumers': consumers,
  };
}

function operations({ type, publishers, consumers }: AnyContract): Entries {
  const about = (action: 'send' | 'receive', names: readonly string[], verb: string): JsonSchema => ({
    action,
    title: `${verb} ${type}`,
    summary: `${verb} ${type}: ${names.join(', ')}.`,
    channel: { $ref: `#/channels/${type}` },
    messages: [{ $ref: `#/channels/${type}/messages/event` }],
  });
  const sends: Entries = [[`publish.${type}`, about('send', publishers, 'Publishes')]];
  return consumers.length === 0 ? sends : [...sends, [`read.${type}`, about('receive', consumers, 'Reads')]];
}

function message(contract: AnyContract): JsonSchema {
  const data = { $ref: `#/components/schemas/${contract.type}` };
  const { $schema: _draft, ...payload } = envelopeJsonSchema(contract, data, 'draft-7');
  return {
    name: contract.type,
    title: `${contract.type}, version ${contract.version}`,
    summary: contract.summary,
    contentType: envelopeContentType,
    headers: recordHeaders,
    payload,
    bindings: {
      kafka: {
        key: { type: 'string', description: `The event's ${contract.keyField}, in UTF-8.` },
        bindingVersion: '0.5.0',
      },
    },
    examples: [{ name: 'example', payload: exampleEnvelope(contract) }],
  };
}

const header = (description: string): JsonSchema => ({ type: 'string', description });

/** None is required of a publisher: a value without headers is read as an envelope. */
const recordHeaders: JsonSchema = {
  type: 'object',
  properties: {
    'content-type': header(`${envelopeContentType}; that of CloudEvents is read as well.`),
    ce_specversion: header('1.0'),
    ce_id: header('The event id.'),
    ce_type: header('The event type.'),
    ce_source: header('The source service.'),
    ce_time: header('The timestamp.'),
    ce_subject: header('The record key.'),
    traceparent: header('W3C trace context.'),
  },
};
