import { sensitivityKeyword, type Sensitivity } from '../fields.js';
import type { JsonSchema } from '../json-schema.js';

/** One field of an event as the reference page shows it. */
export interface FieldRow {
  /** Path in the data: `items[].product_id`. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  /** Limits and formats in words. */
  readonly rules: readonly string[];
  readonly description: string;
  /** Absent for fields that anyone may see. */
  readonly sensitivity?: Sensitivity;
}

/** The fields of a JSON Schema, nested ones after their parent, in the order of the schema. */
export function fieldRows(schema: JsonSchema, prefix = ''): FieldRow[] {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = new Set((schema['required'] ?? []) as string[]);
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row: FieldRow = {
      path,
      type: typeOf(field),
      required: required.has(name),
      rules: rulesOf(field),
      description: typeof field['description'] === 'string' ? field['description'] : '',
      ...(field[sensitivityKeyword] === 'personal' ? { sensitivity: 'personal' } : {}),
    };
    return [row, ...nestedRows(field, path)];
  });
}

function nestedRows(field: JsonSchema, path: string): FieldRow[] {
  if (field['type'] === 'array') return fieldRows(field['items'] as JsonSchema, `${path}[].`);
  return field['properties'] === undefined ? [] : fieldRows(field, `${path}.`);
}

function typeOf(field: JsonSchema): string {
  if (field['type'] === 'array') return `array of ${plural(typeOf(field['items'] as JsonSchema))}`;
  if (field['type'] === undefined) return 'any JSON';
  const values = field['additionalProperties'] as JsonSchema | undefined;
  if (field['type'] === 'object' && field['properties'] === undefined && values?.['type'] !== undefined) {
    return `object of ${plural(typeOf(values))}`;
  }
  return text(field['type']);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const plural = (type: string): string => (type === 'any JSON' ? type : `${type}s`);

function rulesOf(field: JsonSchema): string[] {
  if (field['const'] !== undefined) return [`always \`${text(field['const'])}\``];
  if (Array.isArray(field['enum']))
    return [`one of ${field['enum'].map((value) => `\`${String(value)}\``).join(', ')}`];
  return [
    formatRule(field),
    rangeRule(field, 'Length'),
    rangeRule(field, 'imum'),
    rangeRule(field, 'Items'),
  ].filter((rule) => rule !== undefined);
}

function formatRule(field: JsonSchema): string | undefined {
  if (field['format'] === 'date-time') return 'RFC 3339 date-time';
  if (field['format'] === 'email') return 'email address';
  const pattern = typeof field['pattern'] === 'string' ? field['pattern'] : '';
  if (pattern.startsWith('^[Hh][Tt]')) return 'http or https URL';
  if (pattern.startsWith('^[A-Z]{2}')) return 'UN/LOCODE';
  return pattern.startsWith('^[^\\u0000') ? 'no control characters' : undefined;
}

type Bound = 'Length' | 'imum' | 'Items';
const units: Readonly<Record<Bound, string>> = { Length: ' characters', imum: '', Items: ' entries' };

function rangeRule(field: JsonSchema, bound: Bound): string | undefined {
  const [min, max] = [field[`min${bound}`], field[`max${bound}`]].map((limit) =>
    typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER
      ? limit.toLocaleString('en-US')
      : undefined,
  );
  if (min === undefined && max === undefined) return undefined;
  if (max === undefined) return `at least ${min}${units[bound]}`;
  return min === undefined ? `at most ${max}${units[bound]}` : `${min} to ${max}${units[bound]}`;
}
