import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { catalogue } from '../catalogue.js';
import { sensitivityKeyword } from '../fields.js';
import type { JsonSchema } from '../json-schema.js';
import { asyncApiDocument } from './asyncapi.js';
import { exampleEnvelope } from './envelope-json-schema.js';

const document = asyncApiDocument(catalogue);
const part = (path: string): Readonly<Record<string, JsonSchema>> =>
  path.split('.').reduce((value, name) => value[name] as JsonSchema, document) as Record<string, JsonSchema>;

describe('the AsyncAPI document', () => {
  it("fulfils AsyncAPI's own schema", () => {
    const file = require.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      logger: false,
      meta: false,
      validateSchema: false,
    });
    addFormats(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(validate({ ...document, channels: { x: { address: 7 } } })).toBe(false);
  });

  it('has a channel and a message for every event type, and nothing that leads nowhere', () => {
    expect(Object.keys(part('channels'))).toEqual([...catalogue.keys()]);
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, ref = '']) => ref);
    expect(refs.length).toBeGreaterThan(4 * catalogue.size);
    for (const ref of new Set(refs)) {
      const found = ref.split('/').reduce<unknown>((at, name) => (at as JsonSchema)?.[name], document);
      expect([ref, found]).toEqual([ref, expect.any(Object)]);
    }
  });

  it('tells who publishes and who reads', () => {
    expect(part('channels')['service_down']).toMatchObject({
      address: 'service_down',
      'x-publishers': ['ops-monitoring', 'sample-payment-service'],
      'x-consumers': ['ops'],
    });
    expect(part('operations')['read.service_down']).toMatchObject({ action: 'receive' });
    expect(part('operations')['publish.service_down']).toMatchObject({ action: 'send' });
    expect(part('operations')['read.lead.qualified']).toBeUndefined();
  });

  describe('describes records that are really sent', () => {
    const ajv = new Ajv({ strict: true, allErrors: true });
    addFormats(ajv);
    ajv.addKeyword(sensitivityKeyword);

    it.each([...catalogue.values()].map((contract) => [contract.type, contract] as const))(
      '%s',
      (type, contract) => {
        const payload = part('components.messages')[type]?.['payload'] as JsonSchema;
        const schema = { ...payload, components: { schemas: { [type]: part('components.schemas')[type] } } };
        ajv.addKeyword('components');
        const validate = ajv.compile(schema);
        ajv.removeKeyword('components');
        const example = exampleEnvelope(contract);
        expect([validate(example), validate.errors]).toEqual([true, null]);
        expect(validate({ ...example, event_type: 'another' })).toBe(false);
        expect(validate({ ...example, data: {} })).toBe(false);
      },
    );
  });
});
