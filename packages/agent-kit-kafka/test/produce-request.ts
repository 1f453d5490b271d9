/** Partitions in a Produce request of version 3 to 8, the ones kafkajs sends. */
export function partitionsIn(frame: Buffer): number[] {
  let at = 4 + 2 + 2 + 4;
  const skipString = () => {
    const length = frame.readInt16BE(at);
    at += 2 + Math.max(0, length);
  };
  const readInt32 = () => {
    at += 4;
    return frame.readInt32BE(at - 4);
  };
  skipString(); // client id
  skipString(); // transactional id
  at += 2 + 4; // acks, timeout
  const partitions: number[] = [];
  for (let topics = readInt32(); topics > 0; topics -= 1) {
    skipString();
    for (let left = readInt32(); left > 0; left -= 1) {
      partitions.push(readInt32());
      const recordSetBytes = readInt32();
      at += recordSetBytes;
    }
  }
  return partitions;
}
