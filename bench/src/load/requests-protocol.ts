export interface SendRequests {
  readonly kind: 'requests';
  readonly brokers: readonly string[];
  readonly namespace: string;
  /** The first request's number; numbers make ids, so that none occurs twice. */
  readonly from: number;
  readonly count: number;
  readonly isOneHanging: boolean;
  /** Left out: as fast as Kafka takes them. */
  readonly perSecond?: number;
}
export interface SentRequests {
  readonly kind: 'sent';
  readonly acknowledged: number;
}
