import { decodeEvent, encodeEvent, parseJsonObject, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { decodeRecord } from '../chunk/decode.js';
import type { DecodedItem } from '../chunk/chunk.js';
import type { RawRecord } from '../ports/store.js';
import type { Registry } from '../registry.js';
import { jsonDiff, type JsonChange } from './json-diff.js';
import type { StoredLetter } from './operator-store.js';

/** What a person puts in the place of a dead letter's content: its data alone, or the whole event. */
export type LetterEdit = { readonly data: unknown } | { readonly envelope: unknown };

export interface EditedLetter {
  /** The record's new value: the whole event. */
  readonly value: Buffer;
  /** From the original to the edited event; for an unreadable original, the whole of the edited one. */
  readonly changes: readonly JsonChange[];
}

/**
 * Applies an edit to a dead letter's original. Throws `redrive_refused` when data alone is given for a record that is no
 * event or for a firing, and `event_invalid` (or what else is wrong with it) when the result cannot be handled.
 */
export function editLetter(letter: StoredLetter, edit: LetterEdit, registry: Registry): EditedLetter {
  if (letter.record.topic.startsWith('timer:'))
    throw new SignalboxError('redrive_refused', 'A firing has no event that could be edited.');
  const original = readable(letter.record);
  const event = 'envelope' in edit ? edit.envelope : withData(original, edit.data);
  const value = Buffer.from(JSON.stringify(event));
  const read = decodeRecord(registry, letter.record.topic, editedRecord(letter.record, value));
  if (read.kind === 'poison') throw read.error;
  return { value, changes: jsonDiff(original ?? parsed(letter.record.value), event) };
}

/** The record with an edited value: our own form, without the headers of the old one. */
export const editedRecord = (record: RawRecord, value: Buffer): RawRecord => ({
  ...record,
  value,
  headers: {},
});

/** The letter's event under a new id: `<id>~e<n>`, caused by the old one, edited by whom it says. */
export function renamedEvent(
  { eventId, edit }: StoredLetter,
  { event }: Extract<DecodedItem, { kind: 'event' }>,
  n: number,
): EventEnvelope {
  const before = eventId ?? event.event_id;
  const base = before.replace(/~e\d+$/, '').slice(0, 240);
  const metadata = { ...event.metadata, causation_id: before, ...(edit ? { edited_by: edit.by } : {}) };
  return { ...event, event_id: `${base}~e${n}`, metadata };
}

/** An event as a record in the place of the letter's. */
export function recordOfEvent(event: EventEnvelope, key: string, record: RawRecord): RawRecord {
  const { value, headers } = encodeEvent(event, { key });
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const);
  return { ...record, key: Buffer.from(key), value, headers: Object.fromEntries(bytes) };
}

function withData(original: EventEnvelope | undefined, data: unknown): EventEnvelope {
  if (original) return { ...original, data };
  throw new SignalboxError(
    'redrive_refused',
    'The record is no readable event: its data cannot be replaced.',
    {
      action: 'Give the whole event instead.',
    },
  );
}

function readable(record: RawRecord): EventEnvelope | undefined {
  try {
    return decodeEvent(record);
  } catch {
    return undefined; // poison: that is why it is here
  }
}

function parsed(value: Buffer | null): unknown {
  try {
    return value === null ? undefined : parseJsonObject(value);
  } catch {
    return undefined; // not even JSON: the whole of the edited event is new
  }
}
