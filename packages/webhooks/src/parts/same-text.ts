import { createHash, timingSafeEqual } from 'node:crypto';
import type { Verdict, WebhookRequest } from '../scheme.js';
import { activeSecrets } from '../secrets.js';
import { refuse } from '../verdict.js';
import { KeyCache } from './key-cache.js';

const hash = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();

const wrong = refuse('signature_invalid', 'The token or password is not one of the active secrets.');

/**
 * Compares a text that was sent with every active secret, by their hashes: the time taken says neither how long a
 * secret is nor how much of it was right.
 */
export class TextComparison {
  private readonly hashes = new KeyCache(hash);

  verify(given: string, { secrets, nowMs }: WebhookRequest): Verdict {
    const givenHash = hash(given);
    let keyId: string | undefined;
    for (const secret of activeSecrets(secrets, nowMs)) {
      const expected = this.hashes.keyOf(secret);
      const same = expected !== undefined && timingSafeEqual(expected, givenHash);
      if (same && keyId === undefined) keyId = secret.keyId;
    }
    return keyId === undefined ? wrong : { ok: true, keyId };
  }
}
