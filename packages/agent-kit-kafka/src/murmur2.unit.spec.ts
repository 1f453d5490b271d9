import { Partitioners } from 'kafkajs';
import { murmur2, partitionOf } from './murmur2.js';

describe('murmur2', () => {
  // From Kafka's UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is what Kafka says', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

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
