import type { WebhookSecret } from '../secrets.js';

/**
 * Keys made from secrets, made once: reading a public key costs as much as many signatures. A key lives as long as its
 * secret's object, so a gateway keeps these objects from request to request.
 */
export class KeyCache<Key> {
  private readonly keys = new WeakMap<WebhookSecret, { readonly key: Key | undefined }>();

  /** `read` gives undefined, or throws, for a secret that is no such key; such a secret never matches. */
  constructor(private readonly read: (value: string | Uint8Array) => Key | undefined) {}

  keyOf(secret: WebhookSecret): Key | undefined {
    const known = this.keys.get(secret);
    if (known) return known.key;
    const key = this.tryRead(secret.value);
    this.keys.set(secret, { key });
    return key;
  }

  /** The key of a secret, without keeping it. */
  tryRead(value: string | Uint8Array): Key | undefined {
    try {
      return this.read(value);
    } catch {
      return undefined;
    }
  }
}
