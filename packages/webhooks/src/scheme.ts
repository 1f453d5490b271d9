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
  /** HTTP method in capitals; left out: POST. */
  readonly method?: string;
  /**
   * The absolute address the sender called, as it wrote it: `https://hooks.example.com/webhooks/square?tenant=7`. Behind
   * a proxy this is the public address, not the one the process listens on. A scheme that signs the address, or reads
   * a token from it, refuses a request without.
   */
  readonly url?: string;
}

/** Why a request is refused; each is an error code of `@signalbox/errors` with an HTTP status. */
export type Refusal = 'signature_missing' | 'signature_invalid' | 'timestamp_out_of_tolerance';

export type Verdict =
  | {
      readonly ok: true;
      /** Which secret matched. */
      readonly keyId: string;
      /** The signed time of sending in milliseconds since 1970, for schemes that sign one. */
      readonly signedAtMs?: number;
    }
  | {
      readonly ok: false;
      readonly code: Refusal;
      /** One sentence for the sender; holds nothing of the secret and nothing of the expected signature. */
      readonly reason: string;
    };

export interface SignInput {
  readonly rawBody: Uint8Array | string;
  /** The secret as the provider shows it; for ed25519, ecdsa and v1a the private key (PEM, PKCS 8). */
  readonly secret: string | Uint8Array;
  /** Milliseconds since 1970, for schemes that sign a time. */
  readonly nowMs: number;
  /** HTTP method in capitals; left out: POST. */
  readonly method?: string;
  /** The absolute address that will be called, for schemes that sign it. */
  readonly url?: string;
  /** Headers the scheme signs besides its own. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a sender has to send. */
export interface SignedRequest {
  /** To add to the headers of the request; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body to send: the given one, but for schemes that put the signature into the body. */
  readonly rawBody: Uint8Array | string;
  /** The address to call: the given one, but for schemes that add to its query; absent when none was given. */
  readonly url?: string;
}

/**
 * One way to sign a webhook, made by `createScheme` from the settings in a source's record.
 * Obligations: `verify` never throws, whatever the input; it compares in constant time and with every active secret;
 * `verify` accepts what `sign` makes. `sign` throws `config_invalid` for a key or input it cannot sign with.
 */
export interface Scheme {
  readonly name: string;
  verify(request: WebhookRequest): Verdict;
  /** Why this secret can never match, in one sentence without the secret; undefined for one that can. Ask it at start. */
  secretProblem(secret: string | Uint8Array): string | undefined;
  sign(input: SignInput): SignedRequest;
}
