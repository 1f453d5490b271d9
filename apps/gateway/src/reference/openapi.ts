import type { AnyContract, JsonSchema } from '@signalbox/contracts';
import type { ReadySource, Source } from '@signalbox/sources';
import { webhookAnswers } from './openapi-answers.js';
import {
  answerSchemas,
  contractSchemas,
  envelopeSchemaName,
  flatSchemaName,
  schemaRef,
} from './openapi-schemas.js';

/** What of a source stands in the document. */
export type DescribedSource = Pick<
  Source,
  'name' | 'path' | 'about' | 'form' | 'contracts' | 'scheme' | 'provider' | 'bodyBytesMax'
>;

/** The HTTP side as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1): an address for each source, and those for operators. */
export function openApiDocument(sources: readonly (DescribedSource | ReadySource)[]): JsonSchema {
  const sorted = [...sources].sort((a, b) => (a.path < b.path ? -1 : 1));
  const contracts = new Map(sorted.flatMap(({ contracts }) => [...contracts]));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Signalbox gateway',
      version: '1.0.0',
      description:
        'Takes signed webhooks, answers 202 once Kafka has them, and publishes them as events. A body is verified as the bytes that came, before anything is read from it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:3000', description: 'The local start.' }],
    tags: [{ name: 'webhooks' }, { name: 'operation' }, { name: 'reference' }],
    paths: {
      ...Object.fromEntries(sorted.map((source) => [source.path, { post: webhook(source) }])),
      ...operationPaths,
    },
    components: {
      schemas: { ...answerSchemas, ...contractSchemas([...contracts.values()]) },
      securitySchemes: {
        houseSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Webhook-Signature',
          description:
            'HMAC-SHA256 of the raw body with the secret of the source, in hexadecimal; `sha256=` may stand before it.',
        },
      },
    },
  };
}

function webhook(source: DescribedSource): JsonSchema {
  const { name, about, scheme, provider, bodyBytesMax } = source;
  const signed =
    scheme === 'house' ? [] : [`Signed as ${provider?.title ?? `the scheme ${scheme.kind}`} does it.`];
  return {
    operationId: `webhook.${name}`,
    tags: ['webhooks'],
    summary: about ?? `Webhooks of ${provider?.title ?? name}.`,
    description: [...signed, `At most ${bodyBytesMax.toLocaleString('en-US')} bytes.`].join(' '),
    security: scheme === 'house' ? [{ houseSignature: [] }] : [],
    requestBody: { required: true, content: requestContent(source) },
    responses: webhookAnswers(),
  };
}

function requestContent({ form, contracts }: DescribedSource): JsonSchema {
  if (form === 'provider')
    return { '*/*': { schema: { description: "The provider's own payload, as it sends it." } } };
  const name = (contract: AnyContract): string =>
    form === 'flat' && contract.flat ? flatSchemaName(contract) : envelopeSchemaName(contract);
  return {
    'application/json': { schema: { oneOf: [...contracts.values()].map((each) => schemaRef(name(each))) } },
  };
}

const page = (tag: string, operationId: string, summary: string, type: string): JsonSchema => ({
  get: {
    operationId,
    tags: [tag],
    summary,
    security: [],
    responses: { 200: { description: summary, content: { [type]: { schema: {} } } } },
  },
});

const operationPaths: JsonSchema = {
  '/health/live': page('operation', 'live', 'The process answers.', 'application/json'),
  '/health/ready': {
    get: {
      operationId: 'ready',
      tags: ['operation'],
      summary: 'Whether the gateway can take webhooks now.',
      security: [],
      responses: {
        200: { description: 'It can.', content: { 'application/json': { schema: {} } } },
        503: {
          description: 'It cannot; `reasons` says why: Kafka does not answer, or a stop has begun.',
          content: { 'application/json': { schema: {} } },
        },
      },
    },
  },
  '/metrics': page('operation', 'metrics', 'Figures in the text format of Prometheus.', 'text/plain'),
  '/events.html': page('reference', 'catalogue', 'Every event type, to browse.', 'text/html'),
  '/openapi.json': page('reference', 'openapi', 'This document, for the sources of now.', 'application/json'),
  '/asyncapi.json': page('reference', 'asyncapi', 'The events as AsyncAPI 3.0.', 'application/json'),
  '/schemas/{file}': {
    get: {
      operationId: 'schema',
      tags: ['reference'],
      summary: 'The JSON Schema of an event type.',
      security: [],
      parameters: [
        {
          name: 'file',
          in: 'path',
          required: true,
          description: '`<event type>.json`, or `<event type>.flat.json` for the flat form.',
          schema: { type: 'string' },
          example: 'service_down.json',
        },
      ],
      responses: {
        200: { description: 'JSON Schema 2020-12.', content: { 'application/schema+json': { schema: {} } } },
        404: {
          description: '`not_found`: no such event type.',
          content: { 'application/problem+json': { schema: schemaRef('Problem') } },
        },
      },
    },
  },
};
