import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { catalogue } from './catalogue.js';
import type { AnyContract } from './contract.js';
import { sensitivityKeyword } from './fields.js';
import { contractJsonSchema } from './json-schema.js';

const ajv = new Ajv({ strict: true, allErrors: true });
addFormats(ajv);
ajv.addKeyword(sensitivityKeyword);

/** Values near the edges of what fields may be. */
const edges: readonly unknown[] = [
  ...[undefined, null, '', 'x', 'a\nb', '😀'.repeat(255), '😀'.repeat(256), 'x'.repeat(255), 'x'.repeat(256)],
  ...[true, 'true', 0, -1, 1, 1.5, '1', 100, 101, 2 ** 53, [], ['x'], [''], [7], {}, { a: 1 }, { a: 'x' }],
  ...['critical', 'Critical', 'service_down', 'NLRTM', 'nlrtm', 'slack', 'restart', 'accepted'],
  ...[
    '2026-04-05T12:01:00Z',
    '2026-04-05',
    '2026-02-30T12:01:00Z',
    '2026-04-05 12:01:00Z',
    '2016-12-31T23:59:60Z',
  ],
  ...['2026-04-05T12:01:60Z', '2026-04-05T12:01:00+0200', '2026-04-05T12:01:00.1234567891Z'],
  ...[
    'jane@example.com',
    'jane@',
    'a@b',
    'a@b-.de',
    '.a@b.de',
    "o'b@x.de",
    'https://a.example/x',
    'ftp://a',
    'http:a',
  ],
];

const contracts = [...catalogue.values()].map((contract) => [contract.type, contract] as const);

describe.each(contracts)('the JSON Schema of %s', (_type, contract) => {
  it.each(['data', 'flat'] as const)('is what is enforced: %s', (form) => {
    const validate = ajv.compile(contractJsonSchema(contract, form));
    const schema = form === 'flat' ? (contract.flat ?? contract.schema) : contract.schema;
    expect(validate(contract.example)).toBe(true);
    const fields = Object.keys(contract.example as object);
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.constantFrom(...edges),
        fc.string(),
        (field, value, extra) => {
          const data = withoutUndefined({
            ...(contract.example as object),
            [field]: value,
            [`x-${extra}`]: extra,
          });
          expect({ field, value, taken: validate(data) }).toEqual({
            field,
            value,
            taken: schema.safeParse(data).success,
          });
        },
      ),
      { numRuns: fields.length * 40 },
    );
  });

  it('has title and description and allows unknown fields', () => {
    const schema = contractJsonSchema(contract);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: contract.type,
      description: contract.summary,
      type: 'object',
      additionalProperties: {},
    });
    expect(schema['required']).toContain(contract.keyField);
  });
});

it('asks for type and time in the flat form only', () => {
  const contract = catalogue.get('service_down') as AnyContract;
  expect(contractJsonSchema(contract, 'flat')['required']).toEqual(
    expect.arrayContaining(['event_type', 'timestamp']),
  );
  expect(contractJsonSchema(contract)['required']).not.toContain('event_type');
});

const withoutUndefined = (data: object): object => JSON.parse(JSON.stringify(data)) as object;
