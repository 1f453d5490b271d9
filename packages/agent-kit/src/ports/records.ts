/** A record to be written. Key and partition are always set by us (see docs/adr: Kafka client). */
export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
  /** Milliseconds since 1970; left out: the broker client's clock. */
  readonly timestampMs?: number;
}

/** A record as read. */
export interface IncomingRecord {
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A header that occurs more than once keeps its last value. */
  readonly headers: Readonly<Record<string, Buffer>>;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A record as it came, kept byte for byte. */
export interface RawRecord extends TopicPartition {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/**
 * Writes records with acks=all. Obligations of an implementation:
 * - `send` resolves only when the broker has acknowledged every record, and rejects otherwise;
 * - sends to one partition are written in the order of the calls, one request in flight (what waits is batched);
 * - a rejected send may have been written: its outcome is unknown unless the error's code is `broker_refused`;
 * - a send does not queue behind those to other partitions; those of one turn may share a request.
 */
export interface RecordProducer {
  /** Rejects with `broker_unavailable` (outcome unknown) or `broker_refused` (never written). Default deadline 30,000 ms. */
  send(
    to: TopicPartition,
    records: readonly OutgoingRecord[],
    options?: { deadlineMs?: number },
  ): Promise<void>;
  /** Partition of a key by murmur2, the Java client's default. Needs the topic's metadata: see `partitionCount`. */
  partitionFor(topic: string, key: Buffer): Promise<number>;
  /** Number of partitions, cached and refreshed. Rejects with `broker_unavailable` when unknown. */
  partitionCount(topic: string): Promise<number>;
  /** Number of sends not yet settled. */
  readonly inFlight: number;
  connect(): Promise<void>;
  /** Waits for sends in flight (at most `drainMs`, default 5,000), then disconnects. */
  close(drainMs?: number): Promise<void>;
}

/** One fetched batch of a partition, as the broker gave it. */
export interface FetchedBatch extends TopicPartition {
  /** The offset the fetch asked for. A runner accepts the batch only when this is its own position. */
  readonly fetchedOffset: bigint;
  /** The last offset the batch covers, compacted records, markers and aborted records included. */
  readonly lastOffset: bigint;
  /** Records with offset ≥ `fetchedOffset` in order; may be empty. */
  readonly records: readonly IncomingRecord[];
  readonly highWatermark: bigint;
}

export interface ConsumerCallbacks {
  /** Partitions were assigned; none of them is fetched before its `seek` and `resume`. */
  onAssigned(partitions: readonly TopicPartition[]): void;
  /** A rebalance began or the member left: finish or drop what is in hand; `onAssigned` follows. */
  onRevoked(): Promise<void>;
  /** A batch was fetched; must return at once (queue it, pause when the queue is full). */
  onBatch(batch: FetchedBatch): void;
  /** A fetch was answered, with or without records: proof of life for the watchdog. */
  onFetch?(partitions: readonly TopicPartition[]): void;
  /**
   * The partition's position is out of range or its topic is unknown: compare progress and log before going on. The
   * partition is paused and without a position until `seek` and `resume`; nothing is ever reset by itself.
   */
  onPositionLost(partition: TopicPartition): void;
  /** The client stopped for good: the process must end or start it anew. */
  onCrash(error: Error): void;
}

/** Reads records as a member of a consumer group. Nothing a callback throws reaches the client. */
export interface RecordConsumer {
  start(groupId: string, topics: readonly string[], callbacks: ConsumerCallbacks): Promise<void>;
  seek(to: TopicPartition, offset: bigint): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Best effort, for tools that show lag: never read back by the runtime. */
  commitForTools(offsets: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void>;
  /** Leaves the group and disconnects; safe to call twice. */
  stop(): Promise<void>;
}

/** Looks at topics. */
export interface TopicInspector {
  /** Connects and learns where these topics lie now instead of with the first questions; topics may be missing. */
  connect(topics: readonly string[]): Promise<void>;
  /** Earliest and end offset (the next to be written) of each partition. */
  offsets(topic: string): Promise<ReadonlyMap<number, { readonly low: bigint; readonly end: bigint }>>;
  /** First offset at or after the time, or the end. */
  offsetAt(to: TopicPartition, timeMs: number): Promise<bigint>;
  /** Reads one record at the offset (or the next that exists), or undefined when there is none before the end. */
  recordAt(to: TopicPartition, offset: bigint): Promise<IncomingRecord | undefined>;
  close(): Promise<void>;
}
