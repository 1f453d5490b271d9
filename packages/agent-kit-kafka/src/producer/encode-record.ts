import { byteLength, varIntLength, type ByteWriter } from './byte-writer.js';

/** A record as kafkajs hands it to its encoder, and its place in the batch. */
export interface RecordParts {
  readonly offsetDelta?: number;
  /** Milliseconds after the batch's first record. */
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, unknown>>;
}

type Bytes = Buffer | string;
type Headers = Readonly<Record<string, Bytes>>;

/** A record that can be written, and the bytes of what follows its own length. */
export interface MeasuredRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers: Headers;
  readonly headerNames: readonly string[];
  readonly bodyBytes: number;
}

/** Zigzag doubles a number; beyond this it would no longer fit in 32 bits. */
const numberMax = 2 ** 30 - 1;

const isSmall = (number: number): boolean => Number.isInteger(number) && number >= 0 && number <= numberMax;

function fieldBytes(field: Bytes | null): number {
  if (field === null) return 1;
  const length = byteLength(field);
  return varIntLength(length) + length;
}

/**
 * Adds up a record of a version 2 batch. Undefined for what `writeRecord` does not cover: header values other than text and
 * bytes, and times outside the batch's usual range.
 */
export function measureRecord(parts: RecordParts): MeasuredRecord | undefined {
  const { offsetDelta = 0, timestampDelta = 0, key = null, value } = parts;
  if (!isSmall(offsetDelta) || !isSmall(timestampDelta)) return undefined;
  const { headers = {} } = parts;
  if (!areWritable(headers)) return undefined;
  const headerNames = Object.keys(headers);
  let bodyBytes =
    1 + varIntLength(timestampDelta) + varIntLength(offsetDelta) + fieldBytes(key) + fieldBytes(value);
  bodyBytes += varIntLength(headerNames.length);
  for (const name of headerNames) bodyBytes += fieldBytes(name) + fieldBytes(headers[name] as Bytes);
  return { offsetDelta, timestampDelta, key, value, headers, headerNames, bodyBytes };
}

/** Bytes of a record with its own length. */
export const recordBytes = ({ bodyBytes }: MeasuredRecord): number => varIntLength(bodyBytes) + bodyBytes;

/** Writes a record as kafkajs would, byte for byte. */
export function writeRecord(writer: ByteWriter, record: MeasuredRecord): void {
  writer.varInt(record.bodyBytes);
  writer.int8(0);
  writer.varInt(record.timestampDelta);
  writer.varInt(record.offsetDelta);
  writeField(writer, record.key);
  writeField(writer, record.value);
  writer.varInt(record.headerNames.length);
  for (const name of record.headerNames) {
    writeField(writer, name);
    writeField(writer, record.headers[name] as Bytes);
  }
}

function writeField(writer: ByteWriter, field: Bytes | null): void {
  if (field === null) return writer.varInt(-1);
  const length = byteLength(field);
  writer.varInt(length);
  writer.raw(field, length);
}

function areWritable(headers: NonNullable<RecordParts['headers']>): headers is Headers {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string' && !Buffer.isBuffer(value)) return false;
  }
  return true;
}
