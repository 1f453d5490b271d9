import { createInspector } from '@signalbox/agent-kit-kafka';

/** Who is in a consumer group, and for the how-manieth time it was formed. */
export interface Membership {
  readonly generation: number;
  /** Member ids, sorted. */
  readonly members: readonly string[];
}

/** Kafka's own topic, which gets a record each time a group was formed anew. */
const offsetsTopic = '__consumer_offsets';
/** Version of the keys of such records; the other keys are those of offsets. */
const groupKey = 2;

/** Reads Kafka's own types one after the other; lengths of −1 mean null. */
class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  text(): string {
    const length = Math.max(0, this.int16());
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }
}

/** The group a record of that topic is about; undefined for offsets and what else lies there. */
export function groupOf(key: Buffer | null): string | undefined {
  if (!key || key.length < 4 || key.readInt16BE(0) !== groupKey) return undefined;
  const reader = new ByteReader(key);
  reader.skip(2);
  return reader.text();
}

/** What such a record says (Kafka's GroupMetadataValue, version 3); undefined for a group that is gone. */
export function membershipOf(value: Buffer | null): Membership | undefined {
  if (!value || value.length === 0) return undefined;
  const reader = new ByteReader(value);
  if (reader.int16() !== 3) return undefined;
  reader.text();
  const generation = reader.int32();
  // Protocol, leader, and the time of the change.
  reader.text();
  reader.text();
  reader.skip(8);
  const members = Array.from({ length: reader.int32() }, () => {
    const member = reader.text();
    // Instance, client, host; time-outs of rebalances and sessions; subscription and assignment.
    for (let n = 0; n < 3; n += 1) reader.text();
    reader.skip(8);
    for (let n = 0; n < 2; n += 1) reader.skip(Math.max(0, reader.int32()));
    return member;
  });
  return { generation, members: members.sort() };
}

/** The latest membership of a group, by its name on the wire; undefined when Kafka knows no such group. */
export async function readMembership(
  brokers: readonly string[],
  group: string,
): Promise<Membership | undefined> {
  const inspector = createInspector({ brokers, clientId: 'bench-membership' });
  let latest: Membership | undefined;
  try {
    // All records of a group lie in one partition, in order.
    for await (const { key, value } of inspector.readTopic(offsetsTopic))
      if (groupOf(key) === group) latest = membershipOf(value);
  } finally {
    await inspector.close();
  }
  return latest;
}
