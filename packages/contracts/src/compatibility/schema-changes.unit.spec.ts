import { z } from 'zod';
import { emailAddress, entityId, personal, text, timestamp } from '../fields.js';
import type { JsonSchema } from '../json-schema.js';
import { breakingChanges } from './schema-changes.js';

const jsonSchema = (shape: z.ZodRawShape): JsonSchema =>
  z.toJSONSchema(z.looseObject(shape), { target: 'draft-2020-12', io: 'input' });

/** `field what (whom it breaks)` for each change. */
const changes = (before: z.ZodRawShape, after: z.ZodRawShape): string[] =>
  breakingChanges(jsonSchema(before), jsonSchema(after)).map(
    ({ field, what, breaks }) => `${field} ${what} (${breaks})`,
  );

const item = (shape: z.ZodRawShape) => ({ items: z.array(z.looseObject(shape)).max(10) });
const sizes = z.enum(['small', 'large']);

describe('a change that breaks nobody', () => {
  it.each<[string, z.ZodRawShape, z.ZodRawShape]>([
    ['none', { id: entityId, at: timestamp }, { id: entityId, at: timestamp }],
    ['other words', { id: text(8) }, { id: text(8).describe('As printed.') }],
    ['a new optional field', { id: entityId }, { id: entityId, note: text(8).optional() }],
    [
      'an optional field that is no longer named',
      { id: entityId, note: text(8).optional() },
      { id: entityId },
    ],
    ['a field marked personal', { id: text(8) }, { id: personal(text(8)) }],
    [
      'a new optional field of an entry',
      item({ id: entityId }),
      item({ id: entityId, n: z.number().optional() }),
    ],
    ['another order of fields', { a: z.string(), b: z.number() }, { b: z.number(), a: z.string() }],
    ['another order of values', { size: sizes }, { size: z.enum(['large', 'small']) }],
  ])('%s', (_name, before, after) => expect(changes(before, after)).toEqual([]));
});

describe('a change that breaks events published before', () => {
  it.each<[string, z.ZodRawShape, z.ZodRawShape, string]>([
    ['a new required field', {}, { id: z.string() }, 'id is required now'],
    [
      'an optional field made required',
      { id: z.string().optional() },
      { id: z.string() },
      'id is required now',
    ],
    ['a new required field of an entry', item({}), item({ id: z.string() }), 'items[].id is required now'],
    ['a value no longer taken', { size: sizes }, { size: z.enum(['small']) }, 'size no longer takes "large"'],
    [
      'values where any text was',
      { size: z.string() },
      { size: sizes },
      'size takes only "small", "large" now',
    ],
    ['a smaller length', { id: text(8) }, { id: text(7) }, 'id had maxLength 8, has 7'],
    ['a new minimum', { n: z.number() }, { n: z.number().min(1) }, 'n had minimum nothing, has 1'],
    [
      'fewer entries',
      { l: z.array(z.string()).max(3) },
      { l: z.array(z.string()).max(2) },
      'l had maxItems 3, has 2',
    ],
  ])('%s', (_name, before, after, sentence) =>
    expect(changes(before, after)).toEqual([`${sentence} (old-records)`]),
  );
});

describe('a change that breaks code with the contract of before', () => {
  it.each<[string, z.ZodRawShape, z.ZodRawShape, string]>([
    [
      'a required field made optional',
      { id: z.string() },
      { id: z.string().optional() },
      'id may be missing now',
    ],
    ['a required field gone', { id: z.string(), n: z.number() }, { n: z.number() }, 'id is gone'],
    ['a new value', { size: z.enum(['small']) }, { size: sizes }, 'size takes "large" too now'],
    [
      'any text where values were',
      { size: sizes },
      { size: z.string() },
      'size takes more than "small", "large" now',
    ],
    ['a greater length', { id: text(7) }, { id: text(8) }, 'id had maxLength 7, has 8'],
    ['a minimum gone', { n: z.number().min(1) }, { n: z.number() }, 'n had minimum 1, has nothing'],
  ])('%s', (_name, before, after, sentence) =>
    expect(changes(before, after)).toEqual([`${sentence} (old-readers)`]),
  );
});

describe('a change that breaks both', () => {
  const both = (sentence: string): string[] => [`${sentence} (old-records)`, `${sentence} (old-readers)`];

  it.each<[string, z.ZodRawShape, z.ZodRawShape, string]>([
    ['another type', { n: z.string() }, { n: z.boolean() }, 'n was of type "string", is "boolean"'],
    [
      'other entries',
      { l: z.array(z.string()) },
      { l: z.array(z.boolean()) },
      'l[] was of type "string", is "boolean"',
    ],
    [
      'other values of a map',
      { m: z.record(z.string(), z.string()) },
      { m: z.record(z.string(), z.boolean()) },
      'm.* was of type "string", is "boolean"',
    ],
    [
      'a rule that cannot be compared',
      { id: z.string().regex(/^a$/) },
      { id: z.string().regex(/^b$/) },
      'id had pattern "^a$", has "^b$"',
    ],
  ])('%s', (_name, before, after, sentence) => expect(changes(before, after)).toEqual(both(sentence)));

  it('unknown fields refused', () => {
    const open = jsonSchema({});
    const found = breakingChanges(open, { ...open, additionalProperties: false });
    expect(found.map(({ what, breaks }) => `${what} (${breaks})`)).toEqual(both('was {}, is false'));
  });

  it('names each of several', () => {
    const found = changes({ a: emailAddress, n: z.number() }, { a: emailAddress.optional(), n: z.int() });
    expect(found).toContain('n must be whole now (old-records)');
    expect(found).toContain('a may be missing now (old-readers)');
  });
});
