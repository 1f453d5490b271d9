import type { OutgoingRecord, RecordProducer, TopicPartition } from '@signalbox/agent-kit';

export interface Sent extends TopicPartition {
  readonly records: readonly OutgoingRecord[];
}

/** Keeps what it is given; the partition is the number of bytes of the key, modulo 3. The real one: the int spec. */
export class RecordingProducer implements RecordProducer {
  readonly sent: Sent[] = [];
  readonly inFlight = 0;
  /** Answers a send with an error instead of keeping it. */
  refuse: ((sent: Sent) => Error | undefined) | undefined;
  failure: { readonly topic: string; readonly error: Error } | undefined;
  send = (to: TopicPartition, records: readonly OutgoingRecord[]): Promise<void> => {
    if (this.failure?.topic === to.topic) return Promise.reject(this.failure.error);
    const refusal = this.refuse?.({ ...to, records });
    if (refusal) return Promise.reject(refusal);
    this.sent.push({ ...to, records });
    return Promise.resolve();
  };
  partitionFor = (_topic: string, key: Buffer): Promise<number> => Promise.resolve(key.length % 3);
  partitionCount = (): Promise<number> => Promise.resolve(3);
  connect = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();
}
