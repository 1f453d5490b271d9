import type { WebhookSecret } from './secrets.js';

/** Request headers as Node gives them: names in lower case, repeated ones as a list or joined with commas. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a scheme looks at. */
export interface WebhookRequest {
  /** The body exactly as it was received: before any decoding or parsing. */
  readonly rawBody: Uint8Array;
  readonly headers: WebhookHeaders;
  /** Every secret of the source; a scheme uses those that are active at `nowMs`. */
  readonly secrets: readonly WebhookSecret[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export type Refusal = 'signature_missing' | 'signature_invalid';

export type Verdict =
  | { readonly ok: true; /** Which secret matched. */ readonly keyId: string }
  | {
      readonly ok: false;
      readonly code: Refusal;
      /** One sentence for the sender. */ readonly reason: string;
    };

export interface SignInput {
  readonly rawBody: Uint8Array | string;
  readonly secret: string | Uint8Array;
  /** Milliseconds since 1970, for schemes that sign a time. */
  readonly nowMs: number;
}

/**
 * One way to sign a webhook. A scheme is one file in `schemes/`; sources name it in their data record.
 * Obligations: `verify` never throws, whatever the input; it compares in constant time and with every active secret;
 * `verify` accepts what `sign` makes.
 */
export interface Scheme {
  readonly name: string;
  verify(request: WebhookRequest): Verdict;
  /** The headers to send with the body. */
  sign(input: SignInput): Readonly<Record<string, string>>;
}
