import type { Refusal, Verdict } from './scheme.js';

export type Refused = Extract<Verdict, { ok: false }>;

/** A refusal; made once and shared where the sentence is always the same. */
export const refuse = (code: Refusal, reason: string): Refused => Object.freeze({ ok: false, code, reason });

/** For schemes whose secret may be any text: only an empty one can never match. */
export const emptySecret = (secret: string | Uint8Array): string | undefined =>
  secret.length === 0 ? 'The secret is empty.' : undefined;

/** What no scheme tells apart: a wrong secret, a changed body and a secret that is not active look the same. */
export const noMatch = refuse(
  'signature_invalid',
  'The signature does not match the raw body under any active secret.',
);

export const noUrl = refuse(
  'signature_invalid',
  'This signature covers the address that was called, and the address is not known here.',
);

/** `x-hub-signature` as people write it: `X-Hub-Signature`. */
export const headerTitle = (name: string): string =>
  name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
