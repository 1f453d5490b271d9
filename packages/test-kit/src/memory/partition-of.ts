const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** The partition Kafka's Java client gives a key (murmur2), so that a bus in memory deals out keys as the real one. */
export function partitionOf(key: Buffer, count: number): number {
  let h = SEED ^ key.length;
  const blocksEnd = key.length - (key.length % 4);
  for (let at = 0; at < blocksEnd; at += 4) {
    let k = Math.imul(key.readInt32LE(at), M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  for (let at = key.length - 1; at >= blocksEnd; at -= 1) h ^= (key[at] ?? 0) << (8 * (at - blocksEnd));
  if (key.length > blocksEnd) h = Math.imul(h, M);
  h = Math.imul(h ^ (h >>> 13), M);
  return ((h ^ (h >>> 15)) & 0x7fffffff) % count;
}
