import { SignalboxError } from '@signalbox/errors';
import type { OutgoingRecord } from '../ports/records.js';

const NULL_LENGTH = 0xffffffff;

/**
 * The stored form of outbox records, concatenated: per record a 4-byte length and the bytes of key, value and a JSON
 * text of headers and timestamp. Length 0xffffffff stands for null.
 */
export function encodeRecords(records: readonly OutgoingRecord[]): Buffer {
  const parts: Buffer[] = [];
  for (const { key, value, headers, timestampMs } of records) {
    pushPart(parts, key);
    pushPart(parts, value);
    pushPart(parts, Buffer.from(JSON.stringify({ headers: textHeaders(headers), timestampMs })));
  }
  return Buffer.concat(parts);
}

/** Reads what `encodeRecords` wrote; throws on bytes it did not write. */
export function decodeRecords(bytes: Buffer): OutgoingRecord[] {
  const records: OutgoingRecord[] = [];
  let at = 0;
  const next = (): Buffer | null => {
    const length = bytes.readUInt32BE(at);
    at += 4;
    if (length === NULL_LENGTH) return null;
    if (at + length > bytes.length) throw new SignalboxError('internal', 'stored records are cut off');
    const part = bytes.subarray(at, at + length);
    at += length;
    return part;
  };
  while (at < bytes.length) {
    const key = next();
    const value = next();
    const rest = JSON.parse((next() ?? Buffer.from('{}')).toString()) as StoredRest;
    records.push({ key, value, headers: binaryHeaders(rest.headers), ...timestampOf(rest) });
  }
  return records;
}

interface StoredRest {
  readonly headers: Record<string, string | { readonly base64: string }>;
  readonly timestampMs?: number;
}

const timestampOf = ({ timestampMs }: StoredRest): { timestampMs?: number } =>
  timestampMs === undefined ? {} : { timestampMs };

function pushPart(parts: Buffer[], part: Buffer | null): void {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(part === null ? NULL_LENGTH : part.length);
  parts.push(length);
  if (part !== null) parts.push(part);
}

function textHeaders(headers: OutgoingRecord['headers']): StoredRest['headers'] {
  const stored: StoredRest['headers'] = {};
  for (const [name, value] of Object.entries(headers)) {
    stored[name] = typeof value === 'string' ? value : { base64: value.toString('base64') };
  }
  return stored;
}

function binaryHeaders(stored: StoredRest['headers']): OutgoingRecord['headers'] {
  const headers: Record<string, string | Buffer> = {};
  for (const [name, value] of Object.entries(stored)) {
    headers[name] = typeof value === 'string' ? value : Buffer.from(value.base64, 'base64');
  }
  return headers;
}
