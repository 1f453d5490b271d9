import { SignalboxError } from '@signalbox/errors';

/**
 * One column of many rows as one statement parameter: an array in PostgreSQL's binary format, which the server reads
 * several times faster than JSON or an array literal, and which costs one buffer here. `pg` sends a Buffer in binary
 * form whatever the parameter's type is, so SQL has to name the type: `unnest($1::text[], $2::uuid[])`.
 */

// Object ids of the element types, fixed in PostgreSQL's catalogue.
const boolOid = 16;
const byteaOid = 17;
const textOid = 25;
const timestamptzOid = 1_184;
const uuidOid = 2_950;
const integerOid = 23;
const bigintOid = 20;

const loneSurrogate = /\p{Surrogate}/u;
const headerBytes = 20;
const shortChars = 48;
const lengthBytes = 4;
const nullLength = -1;
const spaceBytesMax = 1_024 * 1_024;
/** 2000-01-01, from which PostgreSQL counts microseconds. */
const epochMs = 946_684_800_000;
const lowerHalf = 2 ** 32;

/** Throws `output_invalid` for half a surrogate pair, which UTF-8 cannot hold and would silently replace. */
export function textColumn(values: readonly (string | null)[]): Buffer {
  let bytesMax = headerBytes;
  for (const value of values) bytesMax += lengthBytes + (value === null ? 0 : value.length * 3);
  const bytes = spaceOf(bytesMax);
  let at = writeHeader(bytes, values.length, textOid);
  for (const value of values) {
    const length = value === null ? nullLength : writeText(bytes, value, at + lengthBytes);
    at = bytes.writeInt32BE(length, at) + Math.max(length, 0);
  }
  // Plain text needs a third of the space: what is kept until it is sent has the right size.
  const column = Buffer.allocUnsafe(at);
  bytes.copy(column, 0, 0, at);
  return column;
}

let space = Buffer.allocUnsafe(64 * 1_024);

/** Room for one column at a time, made once: a larger one that is rare is not kept. */
function spaceOf(bytes: number): Buffer {
  if (bytes > spaceBytesMax) return Buffer.allocUnsafe(bytes);
  if (bytes > space.length) space = Buffer.allocUnsafe(bytes);
  return space;
}

function writeText(bytes: Buffer, text: string, at: number): number {
  if (text.length <= shortChars && writeShortAscii(bytes, text, at)) return text.length;
  const length = bytes.write(text, at);
  if (length !== text.length && loneSurrogate.test(text))
    throw new SignalboxError('output_invalid', 'a text holds half a surrogate pair');
  return length;
}

/** Names and ids are short and ASCII, and a loop over them costs less than the call of `write`. False: not ASCII. */
function writeShortAscii(bytes: Buffer, text: string, at: number): boolean {
  for (let n = 0; n < text.length; n += 1) {
    const code = text.charCodeAt(n);
    if (code > 127) return false;
    bytes[at + n] = code;
  }
  return true;
}

export function bytesColumn(values: readonly (Buffer | null)[]): Buffer {
  const contents = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
  const bytes = Buffer.allocUnsafe(headerBytes + values.length * lengthBytes + contents);
  let at = writeHeader(bytes, values.length, byteaOid);
  for (const value of values) {
    at = bytes.writeInt32BE(value === null ? nullLength : value.length, at);
    if (value !== null) at += value.copy(bytes, at);
  }
  return bytes.subarray(0, at);
}

/** @param values 16 bytes each. */
export const uuidColumn = (values: readonly Buffer[]): Buffer => fixedColumn(values, uuidOid, 16, writeBytes);

/** Milliseconds are all a Date has; times within 285,000 years of 2000 are exact. */
export const timestampColumn = (values: readonly (Date | null)[]): Buffer =>
  fixedColumn(values, timestamptzOid, 8, writeTimestamp);

export const booleanColumn = (values: readonly boolean[]): Buffer =>
  fixedColumn(values, boolOid, 1, writeBoolean);

export const bigintColumn = (values: readonly bigint[]): Buffer =>
  fixedColumn(values, bigintOid, 8, writeBigint);

export const integerColumn = (values: readonly number[]): Buffer =>
  fixedColumn(values, integerOid, 4, writeInteger);

type WriteValue<T> = (bytes: Buffer, value: T, at: number) => void;

// Called for every value, so not made anew for every column: see ADR 0009.
const writeBytes: WriteValue<Buffer> = (bytes, value, at) => value.copy(bytes, at);
const writeBoolean: WriteValue<boolean> = (bytes, value, at) => bytes.writeUInt8(value ? 1 : 0, at);
const writeInteger: WriteValue<number> = (bytes, value, at) => bytes.writeInt32BE(value, at);
const writeBigint: WriteValue<bigint> = (bytes, value, at) => bytes.writeBigInt64BE(value, at);
const writeTimestamp: WriteValue<Date> = (bytes, value, at) => {
  const microseconds = (value.getTime() - epochMs) * 1_000;
  const upper = Math.floor(microseconds / lowerHalf);
  bytes.writeInt32BE(upper, at);
  bytes.writeUInt32BE(microseconds - upper * lowerHalf, at + 4);
};

function fixedColumn<T>(
  values: readonly (T | null)[],
  oid: number,
  width: number,
  write: WriteValue<T>,
): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + values.length * (lengthBytes + width));
  let at = writeHeader(bytes, values.length, oid);
  for (const value of values) {
    at = bytes.writeInt32BE(value === null ? nullLength : width, at);
    if (value === null) continue;
    write(bytes, value, at);
    at += width;
  }
  return bytes.subarray(0, at);
}

/** Dimensions, "may hold nulls", element type, then length and lower bound of the one dimension; an empty array has none. */
function writeHeader(bytes: Buffer, count: number, oid: number): number {
  bytes.writeInt32BE(count > 0 ? 1 : 0, 0);
  bytes.writeInt32BE(1, 4);
  bytes.writeInt32BE(oid, 8);
  if (count === 0) return 12;
  bytes.writeInt32BE(count, 12);
  return bytes.writeInt32BE(1, 16);
}
