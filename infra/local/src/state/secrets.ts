import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '../process/json-file.js';

interface Secrets {
  readonly webhookSecret: string;
}

/** The secret of this checkout's webhooks, made once; the file is readable by its owner alone. */
export function localWebhookSecret(dataDir: string): string {
  const path = join(dataDir, 'secrets.json');
  const existing = readJsonFile<Secrets>(path)?.webhookSecret;
  if (existing) return existing;
  const webhookSecret = randomBytes(32).toString('hex');
  writeJsonFile(path, { webhookSecret } satisfies Secrets);
  return webhookSecret;
}
