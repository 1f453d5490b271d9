/** Asks the receivers what came since the last time. */
export interface AskReceived {
  readonly kind: 'received?';
}
export interface Received {
  readonly kind: 'received';
  /** Ids of requests that were answered, repeats included. */
  readonly ids: readonly string[];
  /** From publishing to the beginning of the call, for each of them, in milliseconds. */
  readonly startDelaysMs: readonly number[];
}
export interface ReceiversReady {
  readonly kind: 'ready';
  readonly url: string;
}
