import type { TopicPartition } from '@signalbox/agent-kit';

export interface FetchedFrom extends TopicPartition {
  readonly offset: bigint;
}

/** From where a Fetch request of version 9 to 11, the ones kafkajs sends, asks each partition. */
export function offsetsIn(frame: Buffer): FetchedFrom[] {
  const version = frame.readInt16BE(6);
  let at = 4 + 2 + 2 + 4;
  const readInt32 = () => {
    at += 4;
    return frame.readInt32BE(at - 4);
  };
  const readString = () => {
    const length = Math.max(0, frame.readInt16BE(at));
    at += 2 + length;
    return frame.toString('utf8', at - length, at);
  };
  if (version < 9 || version > 11) throw new Error(`a Fetch request of version ${version}`);
  readString(); // client id
  at += 4 + 4 + 4 + 4 + 1 + 4 + 4; // replica, wait, bytes, isolation, session
  const asked: FetchedFrom[] = [];
  for (let topics = readInt32(); topics > 0; topics -= 1) {
    const topic = readString();
    for (let left = readInt32(); left > 0; left -= 1) {
      const partition = readInt32();
      at += 4; // leader epoch
      asked.push({ topic, partition, offset: frame.readBigInt64BE(at) });
      at += 8 + 8 + 4; // offset, start of the log, bytes
    }
  }
  return asked;
}
