import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { catalogue, type JsonSchema } from '@signalbox/contracts';
import { readRecords, readSource, type Source } from '@signalbox/sources';
import { committedOpenApi } from './committed-openapi.js';
import { openApiDocument } from './openapi.js';

const root = join(__dirname, '../../../..');
const sourcesDir = join(root, 'infra/sources');
const committed = readFileSync(join(root, 'docs/reference/openapi.json'), 'utf8');
const sources = readRecords(sourcesDir).flatMap((read) => ('source' in read ? [read.source] : []));
const document = openApiDocument(sources) as Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
const post = (path: string, of: typeof document = document): JsonSchema =>
  of['paths']?.[path]?.['post'] as JsonSchema;

const stripe: Source = readSource('name: pay\nprovider: stripe\n', 'pay.yaml');

describe('the OpenAPI document', () => {
  it('is committed for the sources of infra/sources (else: npm run reference -w @signalbox/gateway)', () => {
    expect(committed).toBe(committedOpenApi(sourcesDir));
  });

  it("fulfils OpenAPI's own schema", () => {
    const schemas = join(
      dirname(require.resolve('@seriousme/openapi-schema-validator/package.json')),
      'schemas',
    );
    const schema = JSON.parse(readFileSync(join(schemas, 'v3.1/schema.json'), 'utf8')) as object;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const validate = ajv.compile(schema);
    const valid = (of: JsonSchema): unknown => [validate(of), validate.errors];
    expect(valid(document)).toEqual([true, null]);
    expect(valid(openApiDocument([stripe]))).toEqual([true, null]);
    expect(validate({ ...document, paths: 7 })).toBe(false);
  });

  it('has an address for each source, with what it takes', () => {
    for (const { path, name } of sources) expect(post(path)['operationId']).toBe(`webhook.${name}`);
    expect(post('/agent/ops-alert-webhook')['requestBody']).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            oneOf: [
              { $ref: '#/components/schemas/service_down.flat' },
              { $ref: '#/components/schemas/service_recovered.flat' },
            ],
          },
        },
      },
    });
    const taken = JSON.stringify(post('/events')['requestBody']);
    for (const { type, kind } of catalogue.values())
      expect([type, taken.includes(`/${type}.envelope"`)]).toEqual([type, kind !== 'platform']);
  });

  it('leads nowhere that is not there', () => {
    const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
    const there = Object.keys(document['components']?.['schemas'] ?? {});
    expect(refs.length).toBeGreaterThan(catalogue.size);
    expect(refs.map(([, name]) => name).filter((name) => !there.includes(name ?? ''))).toEqual([]);
  });

  it('tells a sender each answer with its codes', () => {
    const answers = post('/events')['responses'] as Readonly<
      Record<string, { description: string; headers?: object }>
    >;
    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining(['202', '400', '401', '403', '413', '415', '422', '429', '503']),
    );
    expect(answers['403']?.description).toMatch(/`signature_invalid`[\s\S]*`timestamp_out_of_tolerance`/);
    for (const status of ['429', '503']) expect(answers[status]?.headers).toHaveProperty('Retry-After');
  });

  it('tells how a provider signs, and that its body is its own', () => {
    const operation = post('/webhooks/pay', openApiDocument([stripe]) as typeof document);
    expect(operation).toMatchObject({ security: [], summary: 'Webhooks of Stripe.' });
    expect(operation['description']).toContain('Signed as Stripe does it.');
    expect(Object.keys((operation['requestBody'] as { content: object }).content)).toEqual(['*/*']);
  });
});
