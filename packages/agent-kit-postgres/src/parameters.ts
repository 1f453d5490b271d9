import type { InboxRow, InboxVerdict, Lease, RawRecord, StateKey } from '@signalbox/agent-kit';
import type { Blob } from './blob.js';
import { headersToText } from './headers.js';

export const keysParameter = (keys: readonly StateKey[]): string =>
  JSON.stringify(keys.map(({ kind, value }) => ({ kind, value })));

export const leasesParameter = (leases: readonly Lease[]): string =>
  JSON.stringify(leases.map(({ id, token }) => ({ id: String(id), token })));

/** Identities and fingerprints as one byte string, and who is skipped. */
export function inboxParameters(rows: readonly InboxRow[]): unknown[] {
  const hashes = Buffer.concat(rows.flatMap(({ identity, fingerprint }) => [identity, fingerprint]));
  const skipped = Buffer.from(rows.map(({ outcome }) => (outcome === 'skipped' ? 1 : 0)));
  return [hashes, rows.length, skipped];
}

/** A row that was not inserted is a duplicate when its fingerprint is the stored one. */
export function verdictsOf(
  rows: readonly InboxRow[],
  taken: readonly { readonly identity: string }[],
  known: readonly { readonly identity: string; readonly fingerprint: string }[],
): InboxVerdict[] {
  const isTaken = new Set(taken.map(({ identity }) => hexOf(identity)));
  const stored = new Map(known.map(({ identity, fingerprint }) => [hexOf(identity), hexOf(fingerprint)]));
  return rows.map(({ identity, fingerprint }) => {
    const id = identity.toString('hex');
    if (isTaken.has(id)) return 'taken';
    return stored.get(id) === fingerprint.toString('hex') ? 'duplicate' : 'conflict';
  });
}

const hexOf = (uuid: string): string => uuid.replaceAll('-', '');

/** Columns of a raw record: its bytes go to the blob. */
export function recordColumns(record: RawRecord, blob: Blob): Record<string, unknown> {
  const [keyAt, keyLength] = blob.add(record.key);
  const [valueAt, valueLength] = blob.add(record.value);
  return {
    topic: record.topic,
    partition: record.partition,
    offset: String(record.offset),
    timestamp_ms: record.timestampMs,
    key_at: keyAt,
    key_length: keyLength,
    value_at: valueAt,
    value_length: valueLength,
    headers: headersToText(record.headers),
  };
}
