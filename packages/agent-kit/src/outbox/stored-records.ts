import { SignalboxError } from '@signalbox/errors';
import type { OutgoingRecord } from '../ports/records.js';

const NULL_LENGTH = 0xffffffff;
const LENGTH_BYTES = 4;

/**
 * The stored form of outbox records, concatenated: per record a 4-byte length and the bytes of key, value and a JSON
 * text of timestamp and headers, or of those that differ from the record before. Length 0xffffffff stands for null.
 */
export function encodeRecords(records: readonly OutgoingRecord[]): Buffer {
  const rests: string[] = [];
  let bytesMax = 0;
  let before: OutgoingRecord | undefined;
  for (const record of records) {
    const rest = restOf(record, before);
    rests.push(rest);
    bytesMax += bytesMaxOf(record, rest);
    before = record;
  }
  const bytes = Buffer.allocUnsafe(bytesMax);
  let end = 0;
  for (const [at, { key, value }] of records.entries()) {
    end = writePart(bytes, key, end);
    end = writePart(bytes, value, end);
    end = writePart(bytes, rests[at] as string, end);
  }
  return bytes.subarray(0, end);
}

function restOf({ headers, timestampMs }: OutgoingRecord, before: OutgoingRecord | undefined): string {
  const changed = before && changesOf(before.headers, headers);
  return JSON.stringify(
    changed ? { changed, timestampMs } : { headers: changesOf({}, headers), timestampMs },
  );
}

/** The headers that are new or have another value; undefined when one is gone. Of a chunk's events nearly all are the same. */
function changesOf(
  before: OutgoingRecord['headers'],
  headers: OutgoingRecord['headers'],
): StoredHeaders | undefined {
  for (const name in before) if (headers[name] === undefined) return undefined;
  const changed: StoredHeaders = {};
  for (const name in headers) {
    const value = headers[name] as string | Buffer;
    if (value !== before[name])
      changed[name] = typeof value === 'string' ? value : { base64: value.toString('base64') };
  }
  return changed;
}

const bytesMaxOf = ({ key, value }: OutgoingRecord, rest: string): number =>
  3 * LENGTH_BYTES + (key?.length ?? 0) + (value?.length ?? 0) + 3 * rest.length;

function writePart(bytes: Buffer, part: Buffer | string | null, at: number): number {
  const start = at + LENGTH_BYTES;
  if (part === null) return bytes.writeUInt32BE(NULL_LENGTH, at);
  const length = typeof part === 'string' ? bytes.write(part, start) : part.copy(bytes, start);
  bytes.writeUInt32BE(length, at);
  return start + length;
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
    const headers =
      'changed' in rest ? { ...records.at(-1)?.headers, ...binary(rest.changed) } : binary(rest.headers);
    records.push({ key, value, headers, ...timestampOf(rest) });
  }
  return records;
}

type StoredHeaders = Record<string, string | { readonly base64: string }>;
type StoredRest = { readonly timestampMs?: number } & (
  { readonly headers: StoredHeaders } | { readonly changed: StoredHeaders }
);

const timestampOf = ({ timestampMs }: StoredRest): { timestampMs?: number } =>
  timestampMs === undefined ? {} : { timestampMs };

function binary(stored: StoredHeaders): OutgoingRecord['headers'] {
  const headers: Record<string, string | Buffer> = {};
  for (const [name, value] of Object.entries(stored)) {
    headers[name] = typeof value === 'string' ? value : Buffer.from(value.base64, 'base64');
  }
  return headers;
}
