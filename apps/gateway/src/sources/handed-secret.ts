import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps a secret that a provider hands over with its first request (Asana, Notion) as `<source>.handed` in the folder of secrets,
 * readable by its owner alone; undefined when one lies there already or the folder cannot be written. Anybody can
 * send such a request, so the first is kept, no other overwrites it, and none counts before a person makes it count.
 */
export function keepHandedSecret(secretsDir: string, source: string, secret: string): string | undefined {
  const file = join(secretsDir, `${source}.handed`);
  try {
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    return file;
  } catch {
    return undefined;
  }
}
