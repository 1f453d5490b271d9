import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceFolder, type ReadySource } from '@signalbox/sources';

/** The secret of every source in tests. */
export const testSecret = 'a-secret-only-for-tests';

const shippedSourcesDir = join(__dirname, '..', '..', '..', '..', 'infra', 'sources');

/** The sources as shipped, with the test secret. */
export function shippedSources(): readonly ReadySource[] {
  const variable = (wanted: string): string | undefined =>
    wanted === 'WEBHOOK_SECRET' ? testSecret : undefined;
  const places = { sourcesDir: shippedSourcesDir, secretsDir: '/nowhere', variable };
  return new SourceFolder(places).read().sources;
}

/** One of them. */
export function sourceNamed(name: string): ReadySource {
  const source = shippedSources().find((candidate) => candidate.name === name);
  if (!source) throw new Error(`no source ${name}`);
  return source;
}

/** The bytes of a sample payload. */
export const fixture = (name: string): Buffer => readFileSync(join(__dirname, '..', '..', 'fixtures', name));

/** A sample payload, parsed. */
export const sample = (name: string): Record<string, unknown> =>
  JSON.parse(fixture(name).toString('utf8')) as Record<string, unknown>;
