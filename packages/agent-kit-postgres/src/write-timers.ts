import type { TimerCause, TimerWrite } from '@signalbox/agent-kit';
import { textColumn, timestampColumn } from './columns.js';
import type { LockedKeys } from './locked-keys.js';
import { keyColumns } from './parameters.js';
import * as pendingSql from './sql/pending.sql.js';
import type { Query } from './query.js';

type SetTimer = Extract<TimerWrite, { action: 'set' }>;

/** The last word on each timer of the chunk counts. */
export async function writeTimers(
  query: Query,
  timers: readonly TimerWrite[],
  locked: LockedKeys,
): Promise<void> {
  if (timers.length === 0) return;
  const last = lastOfEach(timers);
  const headless = locked.mayHaveQueues
    ? await query<KeyRecord>('queues_headed_by', pendingSql.queuesHeadedBy, namedColumns(last))
    : [];
  const { cancelled, added, moved } = sorted(last, locked);
  if (cancelled.length > 0) await query('cancel_timers', pendingSql.cancelTimers, namedColumns(cancelled));
  if (added.length > 0) await query('add_timers', pendingSql.addTimers, setColumns(added));
  if (moved.length > 0) await query('set_timers', pendingSql.setTimers, setColumns(moved));
  for (const key of headless) await giveHead(query, key);
}

interface Sorted {
  readonly cancelled: TimerWrite[];
  /** Of keys that this chunk makes. */
  readonly added: SetTimer[];
  readonly moved: SetTimer[];
}

function sorted(timers: readonly TimerWrite[], locked: LockedKeys): Sorted {
  const to: Sorted = { cancelled: [], added: [], moved: [] };
  for (const timer of timers) {
    if (timer.action === 'cancel') to.cancelled.push(timer);
    else if (locked.isMissing(timer.key)) to.added.push(timer);
    else to.moved.push(timer);
  }
  return to;
}

function lastOfEach(timers: readonly TimerWrite[]): TimerWrite[] {
  const byKey = new Map<string, Map<string, TimerWrite>>();
  let ofKey = new Map<string, TimerWrite>();
  let key: TimerWrite['key'] | undefined;
  for (const timer of timers) {
    if (timer.key !== key) {
      key = timer.key;
      const id = `${key.kind}\n${key.value}`;
      ofKey = byKey.get(id) ?? new Map();
      byKey.set(id, ofKey);
    }
    ofKey.set(timer.name, timer);
  }
  const last: TimerWrite[] = [];
  for (const ofOne of byKey.values()) last.push(...ofOne.values());
  return last;
}

// Called for each timer, so not made anew for each chunk: see ADR 0009.
const keyOf = ({ key }: TimerWrite): TimerWrite['key'] => key;
const nameOf = ({ name }: TimerWrite): string => name;
const dueAtOf = ({ dueAt }: SetTimer): Date => dueAt;
const payloadOf = ({ payload }: SetTimer): unknown => payload;
const setByOf = ({ setBy }: SetTimer): TimerCause => setBy;
const sourceOf = ({ setBy }: SetTimer): string => setBy.source;
const eventIdOf = ({ setBy }: SetTimer): string => setBy.eventId;

const namedColumns = (timers: readonly TimerWrite[]): Buffer[] => [
  ...keyColumns(timers.map(keyOf)),
  textColumn(timers.map(nameOf)),
];

const setColumns = (timers: readonly SetTimer[]): Buffer[] => [
  ...namedColumns(timers),
  timestampColumn(timers.map(dueAtOf)),
  textColumn(jsonOfEach(timers.map(payloadOf), JSON.stringify)),
  textColumn(jsonOfEach(timers.map(setByOf), restOfCause)),
  textColumn(timers.map(sourceOf)),
  textColumn(timers.map(eventIdOf)),
];

/** What stands in no column of its own. */
const restOfCause = ({ correlationId, hops, chain }: TimerCause): string =>
  JSON.stringify({ correlationId, hops, chain });

/** Timers of one event share their objects more often than not: each is written once. */
function jsonOfEach<T>(values: readonly T[], toJson: (value: T) => string): string[] {
  let last: T | null = null;
  let json = 'null';
  const all: string[] = [];
  for (const value of values) {
    if (value !== last) json = toJson(value);
    last = value;
    all.push(json);
  }
  return all;
}

interface KeyRecord {
  readonly key_kind: string;
  readonly key_value: string;
}

/** The firing its key waited for is gone: the next in the queue follows, or the key is free. */
async function giveHead(query: Query, { key_kind: kind, key_value: value }: KeyRecord): Promise<void> {
  const queues = JSON.stringify([{ kind, value, except_timers: [] }]);
  const next = await query('make_next_due', pendingSql.makeNextDue, [queues]);
  if (next.length === 0) await query('unblock', pendingSql.unblock, [kind, value]);
}
