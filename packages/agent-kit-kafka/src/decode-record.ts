/** What kafkajs knows of the batch a record stands in. */
export interface BatchContext {
  /** Digits. */
  readonly firstOffset: string;
  /** Milliseconds since 1970, in digits. */
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly magicByte?: number;
  readonly isControlBatch?: boolean;
  /** 1: the broker's clock. */
  readonly timestampType?: number;
}

type HeaderValue = Buffer | null | (Buffer | null)[];

/** A record as kafkajs hands it to consumers. */
export interface DecodedRecord {
  readonly magicByte: number | undefined;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, HeaderValue>;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

const logAppendTime = 1;

/** Places of a record whose headers are remembered. */
const namesKept = 20;

/**
 * The headers of the record read last. The next of its batch mostly has the same names in the same places, and many of
 * the same values: what is there already is not made again.
 */
const before: { batch?: BatchContext; readonly names: string[]; readonly values: (Buffer | null)[] } = {
  names: [],
  values: [],
};

/** Where in the record the reader stands. */
class Cursor {
  at = 0;
  constructor(readonly bytes: Buffer) {}

  /** A zigzag varint; exact up to 2^52, NaN beyond and where the record ends too early. */
  varInt(): number {
    let sum = 0;
    let unit = 1;
    for (let byte = 0x80; byte >= 0x80; unit *= 128) {
      if (this.at >= this.bytes.length || unit > 2 ** 45) return NaN;
      byte = this.bytes[this.at] as number;
      this.at += 1;
      sum += (byte & 0x7f) * unit;
    }
    return sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2;
  }

  /** The bytes of a field; `known` itself when it has the same. */
  field(known: Buffer | null = null): Buffer | null {
    const length = this.varInt();
    if (length === -1) return null;
    const start = this.at;
    this.at = start + length;
    if (known?.length === length && this.holds(known, start)) return known;
    return this.bytes.subarray(start, this.at);
  }

  /** The text of a name; undefined where it is cut off. */
  name(known = ''): string | undefined {
    const length = this.varInt();
    const start = this.at;
    if (!(length >= 0 && start + length <= this.bytes.length)) return undefined;
    this.at = start + length;
    if (known.length === length && this.spells(known, start)) return known;
    return this.bytes.toString('utf8', start, this.at);
  }

  private holds(known: Buffer, start: number): boolean {
    for (let n = 0; n < known.length; n += 1) if (this.bytes[start + n] !== known[n]) return false;
    return true;
  }

  private spells(known: string, start: number): boolean {
    for (let n = 0; n < known.length; n += 1) {
      const code = known.charCodeAt(n);
      if (code > 127 || this.bytes[start + n] !== code) return false;
    }
    return true;
  }
}

/**
 * Decodes a record of a version 2 batch as kafkajs does, which copies all headers read so far for each further one and
 * takes big-number objects for times and offsets. Undefined for what this does not cover: numbers beyond 2^52 and records
 * that are cut off.
 */
export function decodeRecord(bytes: Buffer, batch: BatchContext): DecodedRecord | undefined {
  const cursor = new Cursor(bytes);
  const attributes = bytes.length > 0 ? bytes.readInt8(0) : 0;
  cursor.at = 1;
  const timestamp = timeOf(batch, cursor.varInt());
  const offset = Number(batch.firstOffset) + cursor.varInt();
  const key = cursor.field();
  const value = cursor.field();
  if (batch !== before.batch) forget(batch);
  const headers = readHeaders(cursor);
  // A length that was NaN or beyond the end has left its trace in one of these.
  if (!Number.isSafeInteger(timestamp) || !Number.isSafeInteger(offset) || !headers) return undefined;
  return {
    magicByte: batch.magicByte,
    attributes,
    timestamp: String(timestamp),
    offset: String(offset),
    key,
    value,
    headers,
    isControlRecord: batch.isControlBatch ?? false,
    batchContext: batch,
  };
}

const timeOf = (batch: BatchContext, delta: number): number =>
  batch.timestampType === logAppendTime && batch.maxTimestamp
    ? Number(batch.maxTimestamp)
    : Number(batch.firstTimestamp) + delta;

/** Values are parts of a whole answer of the broker: those of one batch must not keep that of another in memory. */
function forget(batch: BatchContext): void {
  before.batch = batch;
  before.values.length = 0;
}

function readHeaders(cursor: Cursor): Record<string, HeaderValue> | undefined {
  const headers: Record<string, HeaderValue> = {};
  const count = cursor.varInt();
  if (Number.isNaN(count)) return undefined;
  for (let n = 0; n < count; n += 1) {
    const name = cursor.name(before.names[n]);
    const value = cursor.field(before.values[n]);
    if (name === undefined || cursor.at > cursor.bytes.length) return undefined;
    if (n < namesKept) {
      before.names[n] = name;
      before.values[n] = value;
    }
    add(headers, name, value);
  }
  return cursor.at === cursor.bytes.length ? headers : undefined;
}

/** A name that occurs again gets the list of its values, as in kafkajs. */
function add(headers: Record<string, HeaderValue>, name: string, value: Buffer | null): void {
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const all = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  if (name === '__proto__')
    Object.defineProperty(headers, name, { value: all, enumerable: true, configurable: true });
  else headers[name] = all;
}
