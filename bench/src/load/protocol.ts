/** What the load process is told and what it answers. */
export interface PrepareEvents {
  readonly kind: 'prepare';
  readonly brokers: readonly string[];
  readonly namespace: string;
  /** The first event's number; numbers make ids, so that none occurs twice. */
  readonly from: number;
  readonly count: number;
  /** Added to now for the events' timestamp, in milliseconds. */
  readonly ageMs?: number;
}
export interface SendEvents {
  readonly kind: 'send';
}
export interface SentEvents {
  readonly kind: 'sent';
  readonly acknowledged: number;
}
