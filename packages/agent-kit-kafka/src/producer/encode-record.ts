/** A record as kafkajs hands it to its encoder. */
export interface RecordParts {
  readonly offsetDelta?: number;
  /** Milliseconds after the batch's first record. */
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** What kafkajs needs of an encoder: it copies `buffer` and asks whether `buf` is one. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

type Bytes = Buffer | string;
type Header = readonly [name: string, value: Bytes];

/** Zigzag doubles a number; beyond this it would no longer fit in 32 bits. */
const numberMax = 2 ** 30 - 1;

/** Header names and values are short and ASCII: up to this length a loop costs less than a call into Node. */
const shortChars = 48;

const lengthOf = (bytes: Bytes): number =>
  typeof bytes !== 'string' || isShortAscii(bytes) ? bytes.length : Buffer.byteLength(bytes);

function isShortAscii(text: string): boolean {
  if (text.length > shortChars) return false;
  for (let n = 0; n < text.length; n += 1) if (text.charCodeAt(n) > 127) return false;
  return true;
}

/** Bytes of a zigzag varint; null has the length −1. */
function varIntLength(number: number): number {
  const zigzag = number < 0 ? 1 : number * 2;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5;
}

function fieldLength(field: Bytes | null): number {
  if (field === null) return 1;
  const length = lengthOf(field);
  return varIntLength(length) + length;
}

/**
 * Encodes a record of a version 2 batch in one buffer. kafkajs takes a zeroed buffer of 512 bytes for the record and
 * one more for each header, which is most of what a small record costs. Undefined for what this does not cover: header
 * values other than text and bytes, and times outside the batch's usual range.
 */
export function encodeRecord(parts: RecordParts): EncodedRecord | undefined {
  const { offsetDelta = 0, timestampDelta = 0, key = null, value } = parts;
  if (!isSmall(offsetDelta) || !isSmall(timestampDelta)) return undefined;
  const headers = headersOf(parts.headers);
  if (!headers) return undefined;
  let body =
    1 + varIntLength(timestampDelta) + varIntLength(offsetDelta) + fieldLength(key) + fieldLength(value);
  body += varIntLength(headers.length);
  for (const [name, text] of headers) body += fieldLength(name) + fieldLength(text);
  const buf = Buffer.allocUnsafe(varIntLength(body) + body);
  let at = writeVarInt(buf, 0, body);
  buf[at] = 0;
  at = writeVarInt(buf, at + 1, timestampDelta);
  at = writeVarInt(buf, at, offsetDelta);
  at = writeField(buf, at, key);
  at = writeField(buf, at, value);
  at = writeVarInt(buf, at, headers.length);
  for (const [name, text] of headers) at = writeField(buf, writeField(buf, at, name), text);
  return { buf, buffer: buf };
}

const isSmall = (number: number): boolean => Number.isInteger(number) && number >= 0 && number <= numberMax;

function headersOf(headers: RecordParts['headers'] = {}): Header[] | undefined {
  const list: Header[] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (typeof value !== 'string' && !Buffer.isBuffer(value)) return undefined;
    list.push([name, value]);
  }
  return list;
}

function writeVarInt(buf: Buffer, start: number, number: number): number {
  let rest = number < 0 ? 1 : number * 2;
  let at = start;
  for (; rest >= 0x80; rest >>>= 7) buf[at++] = (rest & 0x7f) | 0x80;
  buf[at] = rest;
  return at + 1;
}

function writeField(buf: Buffer, start: number, field: Bytes | null): number {
  if (field === null) return writeVarInt(buf, start, -1);
  const length = lengthOf(field);
  const at = writeVarInt(buf, start, length);
  if (typeof field !== 'string') return at + field.copy(buf, at);
  if (length > shortChars || length !== field.length) return at + buf.write(field, at);
  for (let n = 0; n < length; n += 1) buf[at + n] = field.charCodeAt(n);
  return at + length;
}
