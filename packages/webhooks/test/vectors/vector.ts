import type { WebhookRequest } from '../../src/scheme.js';

/** A signed webhook that was not made by this code. */
export interface Vector {
  /** Name of the provider's record. */
  readonly provider: string;
  readonly name: string;
  /** Where it is published, or how the provider's own code made it. */
  readonly from: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The headers that hold the signature. */
  readonly signature: readonly string[];
  readonly secret: string;
  /** The signed time, where there is one. */
  readonly nowMs: number;
  readonly url?: string;
  /** `sender`: the signature says who sent it and nothing of the body. */
  readonly covers: 'body' | 'sender';
  /** Several signatures stand in it, so that one changed bit does not make it wrong. */
  readonly several?: true;
}

/** The vector as a request that arrives at the signed time. */
export const requestOf = (vector: Vector): WebhookRequest => ({
  rawBody: Buffer.from(vector.body),
  headers: vector.headers,
  secrets: [{ keyId: 'theirs', value: vector.secret }],
  nowMs: vector.nowMs,
  ...(vector.url === undefined ? {} : { url: vector.url }),
});
