/** Signed webhooks to be sent to one address. */
export interface PrepareWebhooks {
  readonly kind: 'prepare';
  readonly port: number;
  readonly path: string;
  readonly secret: string;
  readonly connections: number;
  /** Number of the first webhook; numbers make alert ids. */
  readonly from: number;
  readonly count: number;
  /** What is sent. */
  readonly body: 'service_down' | 'sign_up';
}
export interface SendWebhooks {
  readonly kind: 'send';
  /** Offered load in requests a second; left out: each connection sends as soon as it is answered. */
  readonly ratePerSecond?: number;
}
export interface SentWebhooks {
  readonly kind: 'sent';
  /** Answered with 202. */
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
