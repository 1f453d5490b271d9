import type { AnyContract } from './contract.js';
import { contractJsonSchema } from './json-schema.js';
import { fieldRows } from './reference/field-rows.js';

/**
 * The fields of an event's data that say who a person is, how to reach them, or what they said, as paths: `email`,
 * `items[].name`. The same in the flat form.
 */
export function personalFields(contract: AnyContract): readonly string[] {
  return fieldRows(contractJsonSchema(contract))
    .filter(({ sensitivity }) => sensitivity === 'personal')
    .map(({ path }) => path);
}
