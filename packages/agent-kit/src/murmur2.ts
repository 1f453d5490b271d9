const seed = 0x9747b28c;
const m = 0x5bd1e995;
const r = 24;

/** murmur2 as Kafka's Java client computes it: a signed 32-bit number. */
export function murmur2(key: Buffer): number {
  const length = key.length;
  const blocksEnd = length - (length % 4);
  let h = seed ^ length;
  for (let at = 0; at < blocksEnd; at += 4) {
    let k = Math.imul(key.readInt32LE(at), m);
    k = Math.imul(k ^ (k >>> r), m);
    h = Math.imul(h, m) ^ k;
  }
  for (let at = length - 1; at >= blocksEnd; at -= 1) h ^= (key[at] ?? 0) << (8 * (at - blocksEnd));
  if (length > blocksEnd) h = Math.imul(h, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/** The partition the Java client's default partitioner gives a key. `count` is at least 1. */
export function partitionOf(key: Buffer, count: number): number {
  return (murmur2(key) & 0x7fffffff) % count;
}
