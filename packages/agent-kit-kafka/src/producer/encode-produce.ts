import { byteLength, ByteWriter } from './byte-writer.js';
import { crc32c } from './crc32c.js';
import {
  measureRecord,
  recordBytes,
  writeRecord,
  type MeasuredRecord,
  type RecordParts,
} from './encode-record.js';

/** What kafkajs hands to its encoder of produce requests. */
export interface ProduceParts {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  /** −1: the producer is not idempotent. */
  readonly producerId?: unknown;
  /** 0: none. */
  readonly compression?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly messages: readonly MessageParts[];
    }[];
  }[];
}

/** A record with the time it was given, if any, in milliseconds since 1970. */
type MessageParts = Pick<RecordParts, 'key' | 'value' | 'headers'> & {
  readonly timestamp?: string | number | null;
};

/** What kafkajs needs of an encoder: it copies `buffer` and asks whether `buf` is one. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

interface Batch {
  readonly partition: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly records: readonly MeasuredRecord[];
  /** Of the batch without its offset and its own length. */
  readonly bytes: number;
}

interface Topic {
  readonly name: string;
  readonly batches: readonly Batch[];
}

const magic = 2;
/** Bytes of a batch before its records: all, and those after its own length. */
const batchHeadBytes = 61;
const batchHeadBytesCounted = 49;
/** Where a batch's checksum stands, and where what it covers begins. */
const checksumAt = 17;
const checkedFrom = 21;

/**
 * The body of a produce request (version 3 and later) in one buffer of the right size. kafkajs encodes record, batch, partition, topic and
 * request each into a zeroed buffer of its own and copies one into the next, several times the cost. Undefined for what this
 * does not cover: compression, idempotent and transactional producers, and records `measureRecord` leaves out.
 */
export function encodeProduce(parts: ProduceParts, nowMs = Date.now()): Encoded | undefined {
  const { acks, timeout, transactionalId = null, producerId = -1, compression = 0, topicData } = parts;
  if (transactionalId !== null || producerId !== -1 || compression !== 0) return undefined;
  const topics: Topic[] = [];
  for (const { topic, partitions } of topicData) {
    const batches: Batch[] = [];
    for (const { partition, messages } of partitions) {
      const batch = measureBatch(partition, messages, nowMs);
      if (!batch) return undefined;
      batches.push(batch);
    }
    topics.push({ name: topic, batches });
  }
  const writer = new ByteWriter(topics.reduce((sum, topic) => sum + topicBytes(topic), 2 + 2 + 4 + 4));
  writer.int16(-1);
  writer.int16(acks);
  writer.int32(timeout);
  writer.int32(topics.length);
  for (const topic of topics) writeTopic(writer, topic);
  return { buf: writer.bytes, buffer: writer.bytes };
}

const topicBytes = ({ name, batches }: Topic): number =>
  2 + byteLength(name) + 4 + batches.reduce((sum, { bytes }) => sum + 8 + 12 + bytes, 0);

function measureBatch(
  partition: number,
  messages: readonly MessageParts[],
  nowMs: number,
): Batch | undefined {
  const times: number[] = [];
  for (const { timestamp } of messages) times.push(Number(timestamp ?? nowMs));
  let [firstMs = nowMs, lastMs = firstMs] = times;
  for (const ms of times) {
    if (ms < firstMs) firstMs = ms;
    if (ms > lastMs) lastMs = ms;
  }
  const records: MeasuredRecord[] = [];
  let bytes = batchHeadBytesCounted;
  for (const { key = null, value, headers = {} } of messages) {
    const offsetDelta = records.length;
    const timestampDelta = (times[offsetDelta] ?? nowMs) - firstMs;
    const record = measureRecord({ offsetDelta, timestampDelta, key, value, headers });
    if (!record) return undefined;
    bytes += recordBytes(record);
    records.push(record);
  }
  return { partition, firstMs, lastMs, records, bytes };
}

function writeTopic(writer: ByteWriter, { name, batches }: Topic): void {
  const length = byteLength(name);
  writer.int16(length);
  writer.raw(name, length);
  writer.int32(batches.length);
  for (const batch of batches) {
    writer.int32(batch.partition);
    writer.int32(batchHeadBytes - batchHeadBytesCounted + batch.bytes);
    writeBatch(writer, batch);
  }
}

function writeBatch(writer: ByteWriter, { firstMs, lastMs, records, bytes }: Batch): void {
  const start = writer.length;
  writer.int64(0);
  writer.int32(bytes);
  writer.int32(0);
  writer.int8(magic);
  writer.int32(0);
  writer.int16(0);
  writer.int32(records.length - 1);
  writer.int64(firstMs);
  writer.int64(lastMs);
  // Not idempotent: no producer, no epoch, no sequence.
  writer.int64(-1);
  writer.int16(0);
  writer.int32(0);
  writer.int32(records.length);
  for (const record of records) writeRecord(writer, record);
  writer.overwriteUint32(
    crc32c(writer.bytes.subarray(start + checkedFrom, writer.length)),
    start + checksumAt,
  );
}
