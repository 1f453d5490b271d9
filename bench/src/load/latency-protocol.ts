import type { PrepareWebhooks } from './http-protocol.js';

/** Where to look for answers: the wire name of a topic whose keys are those of `sign-up.ts`. */
export interface Listen {
  readonly kind: 'listen';
  readonly brokers: readonly string[];
  readonly topic: string;
}
export interface ProbeWebhooks {
  readonly kind: 'probe';
  readonly ratePerSecond: number;
  readonly from: number;
  readonly count: number;
  /** Post signed webhooks … */
  readonly webhooks?: Pick<PrepareWebhooks, 'port' | 'path' | 'secret'>;
  /** … or produce records to this topic. */
  readonly inTopic?: string;
}
export interface Probed {
  readonly kind: 'probed';
  readonly answered: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
