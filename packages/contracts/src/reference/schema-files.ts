import type { AnyContract } from '../contract.js';
import { contractJsonSchema } from '../json-schema.js';

/** The JSON Schema of each event type as a file: `schemas/service_down.v1.json`, and `….flat.json` where senders post a flat form. */
export function schemaFiles(catalogue: ReadonlyMap<string, AnyContract>): [path: string, text: string][] {
  return [...catalogue.values()].flatMap((contract) => {
    const path = `schemas/${contract.type}.v${contract.version}`;
    const data: [string, string] = [`${path}.json`, json(contractJsonSchema(contract))];
    return contract.flat ? [data, [`${path}.flat.json`, json(contractJsonSchema(contract, 'flat'))]] : [data];
  });
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
