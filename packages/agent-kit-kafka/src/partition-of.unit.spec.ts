import { partitionOf } from '@signalbox/agent-kit';
import { Partitioners } from 'kafkajs';

describe('partitionOf', () => {
  it('gives the partition kafkajs gives, for keys of any length and content', () => {
    const theirs = Partitioners.DefaultPartitioner();
    for (let length = 0; length < 200; length += 1) {
      const key = Buffer.from(Array.from({ length }, (_, n) => (n * 151 + length * 89) & 0xff));
      const partitionMetadata = Array.from({ length: 1 + (length % 13) }, (_, partitionId) => ({
        partitionId,
        leader: 0,
      }));
      const expected = theirs({
        topic: 't',
        partitionMetadata: partitionMetadata as never,
        message: { key, value: null },
      });
      expect(partitionOf(key, partitionMetadata.length)).toBe(expected);
    }
  });
});
