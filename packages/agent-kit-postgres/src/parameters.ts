import type { InboxRow, InboxVerdict, Lease, RawRecord, StateKey, WakeUp } from '@signalbox/agent-kit';
import type { Blob } from './blob.js';
import { booleanColumn, textColumn, uuidColumn } from './columns.js';
import { headersToText } from './headers.js';

// What is called for each key or event lives as long as the process: see ADR 0009.
const kindOf = ({ kind }: StateKey): string => kind;
const valueOf = ({ value }: StateKey): string => value;
const identityOf = ({ identity }: InboxRow): Buffer => identity;
const fingerprintOf = ({ fingerprint }: InboxRow): Buffer => fingerprint;
const isSkipped = ({ outcome }: InboxRow): boolean => outcome === 'skipped';

export const keyColumns = (keys: readonly StateKey[]): [Buffer, Buffer] => [
  textColumn(keys.map(kindOf)),
  textColumn(keys.map(valueOf)),
];

export const leasesParameter = (leases: readonly Lease[]): string =>
  JSON.stringify(leases.map(({ id, token }) => ({ id: String(id), token })));

/** Handles by the attempt they name, which is the same for nearly all records of a retry topic. */
export function handlesByAttempt(wakeUps: readonly WakeUp[]): [handles: Buffer, attempts: number][] {
  const byAttempt = new Map<number, Buffer[]>();
  for (const { handle, attempts } of wakeUps) {
    const handles = byAttempt.get(attempts) ?? [];
    byAttempt.set(attempts, handles);
    handles.push(Buffer.from(handle.replaceAll('-', ''), 'hex'));
  }
  return [...byAttempt].map(([attempts, handles]) => [uuidColumn(handles), attempts]);
}

export const inboxColumns = (rows: readonly InboxRow[]): Buffer[] => [
  uuidColumn(rows.map(identityOf)),
  uuidColumn(rows.map(fingerprintOf)),
  booleanColumn(rows.map(isSkipped)),
];

/** A row that was not inserted is a duplicate when its fingerprint is the stored one. */
export function verdictsOf(
  rows: readonly InboxRow[],
  taken: readonly string[],
  known: readonly { readonly identity: string; readonly fingerprint: string }[],
): InboxVerdict[] {
  const isTaken = new Set(taken.map(hexOf));
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
