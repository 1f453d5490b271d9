import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '../process/json-file.js';

interface Secrets {
  readonly webhookSecret: string;
  readonly controlToken: string;
  readonly intakeSecret: string;
}

/** The secret of this checkout's webhooks, made once; the file is readable by its owner alone. */
export const localWebhookSecret = (dataDir: string): string => localSecret(dataDir, 'webhookSecret');

/** The token with which this checkout's agents are controlled, made once, in the same file. */
export const localControlToken = (dataDir: string): string => localSecret(dataDir, 'controlToken');

/** The secret for events sent to agents' own addresses, made once, in the same file. */
export const localIntakeSecret = (dataDir: string): string => localSecret(dataDir, 'intakeSecret');

function localSecret(dataDir: string, name: keyof Secrets): string {
  const path = join(dataDir, 'secrets.json');
  const secrets = readJsonFile<Partial<Secrets>>(path) ?? {};
  const existing = secrets[name];
  if (existing) return existing;
  const secret = randomBytes(32).toString('hex');
  writeJsonFile(path, { ...secrets, [name]: secret });
  return secret;
}
