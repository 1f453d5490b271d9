import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import type { Source } from '@signalbox/sources';

/** A new secret in the form the scheme takes; undefined where only the provider can give it. */
export function newSecret({ scheme }: Pick<Source, 'scheme'>): string | undefined {
  const bytes = randomBytes(32);
  if (scheme === 'house') return bytes.toString('hex');
  switch (scheme.kind) {
    case 'hmac':
      return scheme.key === 'base64' ? bytes.toString('base64') : bytes.toString('hex');
    case 'standard-webhooks':
      return `whsec_${bytes.toString('base64')}`;
    case 'basic':
      return `signalbox:${bytes.toString('hex')}`;
    case 'token':
      return bytes.toString('hex');
    default:
      return undefined;
  }
}

/** Writes a secret for its owner alone. Throws `request_malformed` when there is another one already. */
export function writeSecret(path: string, secret: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8').trim() !== secret) {
    throw new SignalboxError('request_malformed', `${path} holds another secret already.`, {
      action: 'Remove the file if nothing uses it, or leave the secret out to keep it.',
    });
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}
