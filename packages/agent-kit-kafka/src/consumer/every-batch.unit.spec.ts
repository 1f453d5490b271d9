import Batch from 'kafkajs/src/consumer/batch';
import { deliverEveryBatch, type RawBatch } from './every-batch.js';

const answer = (messages: unknown[]) => ({
  partition: 0,
  highWatermark: '10',
  abortedTransactions: [],
  messages,
});
const marker = { offset: '5', isControlRecord: true, batchContext: {} };

interface Emptiness {
  isEmpty(): boolean;
  isEmptyDueToFiltering(): boolean;
}

describe('deliverEveryBatch', () => {
  it('makes no batch count as empty, while what is in it stays to be seen', () => {
    deliverEveryBatch();
    deliverEveryBatch();
    for (const messages of [[], [marker]]) {
      const batch = new Batch('t', '5', answer(messages));
      const emptiness = batch as unknown as Emptiness;
      expect([emptiness.isEmpty(), emptiness.isEmptyDueToFiltering()]).toEqual([false, false]);
      expect(batch.messages).toEqual([]);
      expect((batch as RawBatch).rawMessages).toHaveLength(messages.length);
      expect(batch.fetchedOffset).toBe('5');
    }
  });

  it('leaves the last offset alone, which passes the marker', () => {
    expect(new Batch('t', '5', answer([marker])).lastOffset()).toBe('5');
    // Compressed batches start before the offset that was asked for; compaction can leave only that part.
    expect(new Batch('t', '7', answer([marker])).lastOffset()).toBe('7');
  });
});
