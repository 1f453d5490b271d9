import type { JsonSchema } from '../json-schema.js';

/**
 * Who a change breaks. `old-records`: events already published that today's readers would refuse. `old-readers`: code
 * that still runs with the contract of before and would refuse, or miss something in, the events published from now on.
 */
export type Breaks = 'old-records' | 'old-readers';

export interface SchemaChange {
  /** Path of the field in the data, such as `items[].product_id`; empty for the data as a whole. */
  readonly field: string;
  /** What happened, in words that follow the field's name: `is required now`. */
  readonly what: string;
  readonly breaks: Breaks;
}

/** Keywords that only people read. */
const silentKeywords = new Set(['$schema', '$id', 'title', 'description', 'examples', 'x-sensitivity']);
/** Bounds: the larger value lets more through, or fewer. */
const upperBounds = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);
const lowerBounds = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
/** Keywords compared below by what they mean. */
const structuralKeywords = new Set([
  'properties',
  'required',
  'items',
  'additionalProperties',
  'enum',
  'type',
]);

/**
 * Every difference between two JSON Schemas of one event type and version that breaks a reader, empty when there is
 * none. Harmless are new optional fields, optional fields that are no longer named, and words. What it cannot judge,
 * such as another pattern, counts as breaking both ways.
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, field = ''): SchemaChange[] {
  return [
    ...typeChanges(before, after, field),
    ...enumChanges(before, after, field),
    ...fieldChanges(before, after, field),
    ...nestedChanges(before, after, field),
    ...ruleChanges(before, after, field),
  ];
}

const text = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function bothWays(field: string, what: string): SchemaChange[] {
  return [
    { field, what, breaks: 'old-records' },
    { field, what, breaks: 'old-readers' },
  ];
}

function typeChanges(before: JsonSchema, after: JsonSchema, field: string): SchemaChange[] {
  const [was, is] = [text(before['type']), text(after['type'])];
  if (was === is) return [];
  if (is === '"number"' && was === '"integer"')
    return [{ field, what: 'may have fractions now', breaks: 'old-readers' }];
  if (is === '"integer"' && was === '"number"')
    return [{ field, what: 'must be whole now', breaks: 'old-records' }];
  return bothWays(field, `was of type ${was}, is ${is}`);
}

function enumChanges(before: JsonSchema, after: JsonSchema, field: string): SchemaChange[] {
  const values = (schema: JsonSchema): string[] | undefined =>
    Array.isArray(schema['enum']) ? schema['enum'].map((value) => text(value)) : undefined;
  const [was, is] = [values(before), values(after)];
  if (!was && !is) return [];
  if (!was) return [{ field, what: `takes only ${is?.join(', ')} now`, breaks: 'old-records' }];
  if (!is) return [{ field, what: `takes more than ${was.join(', ')} now`, breaks: 'old-readers' }];
  const [gone, added] = [was.filter((one) => !is.includes(one)), is.filter((one) => !was.includes(one))];
  return [
    ...gone.map((one): SchemaChange => ({ field, what: `no longer takes ${one}`, breaks: 'old-records' })),
    ...added.map((one): SchemaChange => ({ field, what: `takes ${one} too now`, breaks: 'old-readers' })),
  ];
}

type Fields = Readonly<Record<string, JsonSchema>>;
const fieldsOf = (schema: JsonSchema): Fields => (schema['properties'] ?? {}) as Fields;
const requiredOf = (schema: JsonSchema): Set<string> => new Set((schema['required'] ?? []) as string[]);
const join = (parent: string, name: string): string => (parent === '' ? name : `${parent}.${name}`);

function fieldChanges(before: JsonSchema, after: JsonSchema, field: string): SchemaChange[] {
  const [was, is] = [requiredOf(before), requiredOf(after)];
  const newlyRequired = [...is].filter((name) => !was.has(name));
  const optionalNow = [...was].filter((name) => !is.has(name));
  return [
    ...newlyRequired.map((name): SchemaChange => ({
      field: join(field, name),
      what: 'is required now',
      breaks: 'old-records',
    })),
    ...optionalNow.map((name): SchemaChange => ({
      field: join(field, name),
      what: fieldsOf(after)[name] ? 'may be missing now' : 'is gone',
      breaks: 'old-readers',
    })),
  ];
}

function nestedChanges(before: JsonSchema, after: JsonSchema, field: string): SchemaChange[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const shared = Object.keys(was).filter((name) => is[name] !== undefined);
  return [
    ...shared.flatMap((name) =>
      breakingChanges(was[name] as JsonSchema, is[name] as JsonSchema, join(field, name)),
    ),
    ...partChanges(before['items'], after['items'], `${field}[]`),
    ...partChanges(before['additionalProperties'], after['additionalProperties'], `${field}.*`),
  ];
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

function partChanges(before: unknown, after: unknown, field: string): SchemaChange[] {
  if (isSchema(before) && isSchema(after)) return breakingChanges(before, after, field);
  return text(before) === text(after) ? [] : bothWays(field, `was ${text(before)}, is ${text(after)}`);
}

function ruleChanges(before: JsonSchema, after: JsonSchema, field: string): SchemaChange[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keywords]
    .filter((keyword) => !silentKeywords.has(keyword) && !structuralKeywords.has(keyword))
    .filter((keyword) => text(before[keyword]) !== text(after[keyword]))
    .flatMap((keyword) => ruleChange(keyword, before[keyword], after[keyword], field));
}

function ruleChange(keyword: string, was: unknown, is: unknown, field: string): SchemaChange[] {
  const what = `had ${keyword} ${text(was)}, has ${text(is)}`;
  if (!upperBounds.has(keyword) && !lowerBounds.has(keyword)) return bothWays(field, what);
  const none = upperBounds.has(keyword) ? Infinity : -Infinity;
  const [low, high] = [Number(was ?? none), Number(is ?? none)];
  const looser = upperBounds.has(keyword) ? high > low : high < low;
  return [{ field, what, breaks: looser ? 'old-readers' : 'old-records' }];
}
