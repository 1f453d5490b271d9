import { keyOf } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { EventItem, HandlerUnit } from '../chunk/chunk.js';
import { decodeRecord } from '../chunk/decode.js';
import { workHandle } from '../chunk/failure.js';
import type { RawRecord, TimerCause } from '../ports/store.js';
import type { Registry } from '../registry.js';
import { editedRecord, recordOfEvent, renamedEvent } from './edit-letter.js';
import type { LetterRedrive, RedriveRow, StoredLetter } from './operator-store.js';

/** Redrives of one dead letter, at most. */
export const REDRIVES_MAX = 5;

/**
 * What a dead letter becomes when it goes back. Unedited it keeps event id and idempotency keys; edited, or when its id
 * was used with another content, its event is `<id>~e<n>`. Throws `redrive_refused`.
 */
export function planRedrive(
  letter: StoredLetter,
  registry: Registry,
  n: number,
): Pick<LetterRedrive, 'rows' | 'inbox'> {
  if (letter.redrives >= REDRIVES_MAX)
    throw refused(`it was redriven ${letter.redrives} times already`, 'Discard it.');
  if (letter.record.topic.startsWith('timer:'))
    return { rows: [firingRow(letter, letter.record, registry)], inbox: null };
  if (letter.record.offset < 0n)
    throw refused('Kafka refused this record: it is an output of the agent, not an input', 'Discard it.');
  const item = readItem(letter, registry);
  if (letter.edit || letter.errorCode === 'id_conflict') return renamed(letter, item, registry, n);
  const rows = unitsOf(letter, item).map((unit) => rowOf(letter, item, unit, letter.record, registry));
  const { identity, fingerprint } = item;
  return { rows, inbox: letter.handler === null ? { identity, fingerprint } : null };
}

function renamed(
  letter: StoredLetter,
  item: EventItem,
  registry: Registry,
  n: number,
): Pick<LetterRedrive, 'rows' | 'inbox'> {
  const event = renamedEvent(letter, item, n);
  const record = recordOfEvent(event, keyOf(item.contract, event.data), letter.record);
  const again = decodeRecord(registry, record.topic, record);
  if (again.kind === 'poison') throw refused(again.error.message, 'Edit it.');
  const rows = unitsOf(letter, again).map((unit) => rowOf(letter, again, unit, record, registry));
  return { rows, inbox: { identity: again.identity, fingerprint: again.fingerprint } };
}

function readItem(letter: StoredLetter, registry: Registry): EventItem {
  const { record, edit } = letter;
  const item = decodeRecord(registry, record.topic, edit ? editedRecord(record, edit.value) : record);
  if (item.kind === 'event') return item;
  throw refused(`it cannot be read: ${item.error.message}`, 'Edit it into an event this agent reads.');
}

/** The handler that failed; for an event that reached none, all of its type. */
function unitsOf({ handler }: StoredLetter, { units }: EventItem): readonly HandlerUnit[] {
  if (handler === null) return units;
  const unit = units.find((one) => one.handler.name === handler);
  if (unit) return [unit];
  throw refused(`this code has no handler '${handler}' for it`, 'Deploy the code that has, or discard it.');
}

function rowOf(
  letter: StoredLetter,
  { event }: EventItem,
  { handler, key }: HandlerUnit,
  record: RawRecord,
  { agent }: Registry,
): RedriveRow {
  const source = event.metadata.source_service;
  const acts = handler.kind === 'perform';
  return {
    kind: acts ? 'job' : 'redrive',
    handle: workHandle(agent.name, handler.name, source, event.event_id),
    handler: handler.name,
    key,
    source,
    eventId: event.event_id,
    isOrdered: handler.kind === 'decide' && (handler.ordering ?? 'key') === 'key',
    redrives: letter.redrives + 1,
    sequence: letter.sequence,
    record,
    destination: acts ? handler.destination(event) : null,
    timer: null,
  };
}

/** A firing is armed again under its name, due at once. */
function firingRow(letter: StoredLetter, record: RawRecord, registry: Registry): RedriveRow {
  if (letter.edit) throw refused('a firing cannot be edited', 'Discard it.');
  const { key } = letter;
  const timer = JSON.parse(record.value?.toString() ?? 'null') as {
    readonly name: string;
    readonly payload: unknown;
    readonly setBy: TimerCause;
  } | null;
  if (!key || !timer || !registry.timer(key.kind, timer.name))
    throw refused(
      `this code has no handler for '${record.topic}'`,
      'Deploy the code that has, or discard it.',
    );
  return {
    kind: 'timer',
    handle: null,
    handler: '',
    key,
    source: timer.setBy.source,
    eventId: timer.setBy.eventId,
    isOrdered: true,
    redrives: letter.redrives + 1,
    sequence: letter.sequence,
    record: null,
    destination: null,
    timer,
  };
}

const refused = (why: string, action: string): SignalboxError =>
  new SignalboxError('redrive_refused', `It is not redriven: ${why}.`, { action });
