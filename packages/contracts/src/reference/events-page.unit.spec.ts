import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { catalogue } from '../catalogue.js';
import { defineContract } from '../contract.js';
import { entityId, timestamp } from '../fields.js';
import { contractJsonSchema } from '../json-schema.js';
import { fieldRows } from './field-rows.js';

const page = readFileSync(join(__dirname, '../../../../docs/reference/events.md'), 'utf8');

describe('docs/reference/events.md', () => {
  it('has a section for every event type of the catalogue and for no other', () => {
    const documented = [...page.matchAll(/^### `(.+)`$/gm)].map((match) => match[1]);
    expect(documented.sort()).toEqual([...catalogue.keys()].sort());
  });
});

describe('the fields of an event', () => {
  const contract = defineContract({
    type: 'parcel.sent',
    owner: 'test',
    summary: 'A parcel left.',
    schema: z.looseObject({
      parcel_id: entityId,
      sent_at: timestamp.describe('When it left.'),
      kind: z.enum(['small', 'large']).optional(),
      weight_kg: z.number().min(0),
      tags: z.array(z.string()).max(1_000),
      items: z.array(z.looseObject({ product_id: entityId })),
      sizes: z.record(z.string(), z.number()),
      anything: z.unknown().optional(),
    }),
    keyField: 'parcel_id',
    example: {
      parcel_id: 'p',
      sent_at: '2026-04-05T12:01:00Z',
      weight_kg: 1,
      tags: [],
      items: [],
      sizes: {},
      anything: 1,
    },
  });
  const rows = fieldRows(contractJsonSchema(contract));

  it.each([
    ['parcel_id', 'string', true, 'no control characters; 1 to 255 characters', ''],
    ['sent_at', 'string', true, 'RFC 3339 date-time', 'When it left.'],
    ['kind', 'string', false, 'one of `small`, `large`', ''],
    ['weight_kg', 'number', true, 'at least 0', ''],
    ['tags', 'array of strings', true, 'at most 1,000 entries', ''],
    ['items', 'array of objects', true, '', ''],
    ['items[].product_id', 'string', true, 'no control characters; 1 to 255 characters', ''],
    ['sizes', 'object of numbers', true, '', ''],
    ['anything', 'any JSON', false, '', ''],
  ])('%s', (path, type, required, rules, description) => {
    const row = rows.find((each) => each.path === path);
    expect({ ...row, rules: row?.rules.join('; ') }).toEqual({ path, type, required, rules, description });
  });
});
