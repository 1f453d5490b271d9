/** What the load process is told and what it answers. */
export interface PrepareEvents {
  readonly kind: 'prepare';
  readonly brokers: readonly string[];
  readonly namespace: string;
  /** The first event's number; numbers make ids, so that none occurs twice. */
  readonly from: number;
  readonly count: number;
  /** Time of the first event, in milliseconds since 1970; left out: now. */
  readonly firstAtMs?: number;
  /** Time from the first to the last event, in milliseconds; left out: all at once. */
  readonly overMs?: number;
}
export interface SendEvents {
  readonly kind: 'send';
}
export interface SentEvents {
  readonly kind: 'sent';
  readonly acknowledged: number;
}
