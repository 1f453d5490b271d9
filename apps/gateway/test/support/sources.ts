import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readySource, type ReadySource } from '../../src/sources/ready-source.js';
import { webhookSources } from '../../src/sources/sources.js';

/** The secret of every source in tests. */
export const testSecret = 'a-secret-only-for-tests';

/** A source as shipped, with the test secret. */
export function sourceNamed(name: string): ReadySource {
  const source = webhookSources.find((candidate) => candidate.name === name);
  if (!source) throw new Error(`no source ${name}`);
  return readySource(source, [{ keyId: 'default', value: testSecret }]);
}

/** The bytes of a sample payload. */
export const fixture = (name: string): Buffer => readFileSync(join(__dirname, '..', '..', 'fixtures', name));

/** A sample payload, parsed. */
export const sample = (name: string): Record<string, unknown> =>
  JSON.parse(fixture(name).toString('utf8')) as Record<string, unknown>;
