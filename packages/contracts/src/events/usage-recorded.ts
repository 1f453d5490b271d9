import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';

/** Version 1 let everybody write the unit as they liked. */
const version1 = z.looseObject({ unit: text(64) });

/** `API Calls` → `api_call`: lower case, one word, singular; `other` where nothing is left of it. */
function unitName(unit: string): string {
  const words = unit.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words
    .join('_')
    .replace(/^[0-9_]+/, '')
    .replace(/([^s])s$/, '$1');
  return name === '' ? 'other' : name;
}

/** A user used a feature. */
export const usageRecorded = defineContract({
  type: 'usage.recorded',
  version: 2,
  // Version 2: units have one spelling, so that quantities of one unit can be summed.
  upcasters: {
    1: (old) => {
      const data = version1.parse(old);
      return { ...data, unit: unitName(data.unit) };
    },
  },
  owner: 'product-analytics',
  consumers: ['trial-monitor'],
  summary: 'A user used a feature.',
  schema: z.looseObject({
    user_id: entityId,
    feature: text(255),
    quantity: z.number().min(0).describe('How often it was used, in `unit`s.'),
    unit: z
      .string()
      .max(64)
      .regex(/^[a-z][a-z0-9_]*$/)
      .describe('In the singular, lower case, words joined by `_`: `call`, `api_call`.'),
  }),
  keyField: 'user_id',
  example: { user_id: 'usr-5678', feature: 'report_export', quantity: 3, unit: 'call' },
});
