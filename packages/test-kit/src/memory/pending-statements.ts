import type {
  ClaimDueRequest,
  NextDue,
  PendingInsert,
  PendingKind,
  PendingPostponement,
  PendingRow,
  StateKey,
  TimerWrite,
} from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import type { MemoryDatabase } from './memory-database.js';
import type { Session } from './session.js';
import { stateKeyId, type StoredPending } from './tables.js';

// One function per SQL statement of the real store (packages/agent-kit-postgres/src/sql/pending.sql.ts).

const unleased = { leaseToken: null, leaseUntilMs: null } as const;
const nothingYet = {
  isQueued: false,
  redrives: 0,
  starts: 0,
  firstFailedMs: null,
  lastFailedMs: null,
  errorCode: null,
  errorMessage: null,
  destination: null,
  ...unleased,
} as const;

export const pendingRowOf = (row: StoredPending): PendingRow => ({
  id: row.id,
  sequence: row.sequence,
  handle: row.handle,
  kind: row.kind,
  isOrdered: row.isOrdered,
  isQueued: row.isQueued,
  handler: row.handler,
  key: row.key,
  source: row.source,
  eventId: row.eventId,
  starts: row.starts,
  attempts: row.attempts,
  // A parked row has no due time of its own; the real store hands out null as well.
  dueAt: row.dueMs === null ? (null as unknown as Date) : new Date(row.dueMs),
  firstFailedAt: row.firstFailedMs === null ? null : new Date(row.firstFailedMs),
  redrives: row.redrives,
  lease: { id: row.id, token: row.leaseToken ?? '' },
  record: row.record,
  timer: row.timer,
  destination: row.destination,
});

export async function insertPending(
  database: MemoryDatabase,
  session: Session,
  inserts: readonly PendingInsert[],
): Promise<void> {
  const { pending } = database.tables;
  for (const { dueAt, claimAt, errorCode, errorMessage, destination, ...rest } of inserts) {
    await session.lockName(`handle:${rest.handle}`);
    if (session.all(pending).some(({ handle }) => handle === rest.handle))
      throw new SignalboxError('internal', `duplicate key value: handle ${rest.handle} (23505)`);
    const failedMs = errorCode === undefined ? null : database.nowMs();
    session.put(pending, {
      ...nothingYet,
      ...rest,
      id: database.next(),
      sequence: database.next(),
      dueMs: dueAt?.getTime() ?? null,
      claimMs: claimAt?.getTime() ?? null,
      errorCode: errorCode ?? null,
      errorMessage: errorMessage ?? null,
      firstFailedMs: failedMs,
      lastFailedMs: failedMs,
      destination: destination ?? null,
      timer: null,
    });
  }
}

/** The last word on each timer of the chunk counts. */
export async function writeTimers(
  database: MemoryDatabase,
  session: Session,
  timers: readonly TimerWrite[],
): Promise<void> {
  const idOf = (key: StateKey, name: string): string => `${stateKeyId(key)}\n${name}`;
  const last = new Map(timers.map((timer) => [idOf(timer.key, timer.name), timer]));
  const { pending } = database.tables;
  for (const [id, timer] of last) {
    await session.lockName(`timer:${id}`);
    const found = session.all(pending).find((row) => row.timer && idOf(row.key, row.timer.name) === id);
    const locked = found && (await session.lock(pending, String(found.id)));
    const wasHead = locked?.isQueued === true && locked.claimMs !== null;
    if (timer.action === 'cancel') {
      if (locked) session.remove(pending, String(locked.id));
      if (wasHead) await giveHead(database, session, timer.key);
      continue;
    }
    const { key, name, payload, setBy } = timer;
    const dueMs = timer.dueAt.getTime();
    const { source, eventId } = setBy;
    const set = { key, source, eventId, dueMs, claimMs: dueMs, timer: { name, payload, setBy } };
    const old = locked ?? {
      id: database.next(),
      sequence: database.next(),
      kind: 'timer' as const,
      handle: null,
      handler: '',
      isOrdered: true,
      record: null,
    };
    // A timer that is moved begins anew whatever became of it before.
    session.put(pending, { ...old, ...nothingYet, ...set, attempts: 0 });
    if (wasHead) await giveHead(database, session, timer.key);
  }
}

/** The firing its key waited for is gone: the next in the queue follows, or the key is free. */
async function giveHead(database: MemoryDatabase, session: Session, key: StateKey): Promise<void> {
  const { keys } = database.tables;
  if (await makeNextDue(database, session, key)) return;
  const row = await session.lock(keys, stateKeyId(key));
  if (row) session.put(keys, { ...row, blocked: false });
}

/** Makes the first unfinished row of a key due, unless it has its time already; false when there is none. */
export async function makeNextDue(
  database: MemoryDatabase,
  session: Session,
  key: StateKey,
  exceptTimers: readonly string[] = [],
): Promise<boolean> {
  const queue = queueOfKey(database, session, key);
  const first = queue.find(({ timer }) => timer === null || !exceptTimers.includes(timer.name));
  if (!first) return false;
  const nowMs = database.nowMs();
  return changePending(database, session, first.id, ({ dueMs, claimMs }) => ({
    dueMs: dueMs ?? nowMs,
    claimMs: claimMs ?? nowMs,
  }));
}

/** Leases due rows; rows that others hold are passed over, of jobs only the head of each key is taken. */
export async function claimDue(
  database: MemoryDatabase,
  session: Session,
  request: ClaimDueRequest,
): Promise<PendingRow[]> {
  const { pending } = database.tables;
  const all = session.all(pending);
  const due = all.filter((row) => isDue(row, all, database, request)).sort(byClaim);
  const claimed: StoredPending[] = [];
  const places = new Map<string, number>();
  for (const { id, kind, destination } of due) {
    if (claimed.length === request.limit) break;
    const name = destination ?? '';
    const left = places.get(name) ?? placesOf(name, request);
    if (kind === 'job' && left <= 0) continue;
    if (!(await session.tryLock(pending, String(id)))) continue;
    const row = session.get(pending, String(id));
    if (!row) continue;
    const leased = { ...row, ...lease(database, row, request.leaseMs) };
    session.put(pending, leased);
    claimed.push(leased);
    if (kind === 'job') places.set(name, left - 1);
  }
  return claimed.sort((a, b) => (a.dueMs ?? 0) - (b.dueMs ?? 0)).map(pendingRowOf);
}

export const lease = (database: MemoryDatabase, { starts }: StoredPending, leaseMs: number) => ({
  leaseToken: database.random.uuid(),
  leaseUntilMs: database.clock.nowMs() + leaseMs,
  starts: starts + 1,
});

/** A lease of 0 ms has run out when the next statement is made, whatever the resolution of the clock. */
export const isLeased = (database: MemoryDatabase, { leaseUntilMs }: StoredPending): boolean =>
  leaseUntilMs !== null && leaseUntilMs > database.clock.nowMs();

const placesOf = (
  destination: string,
  { jobsByDestination = {}, jobsPerDestinationMax = Infinity }: ClaimDueRequest,
): number => jobsByDestination[destination] ?? jobsPerDestinationMax;

const byClaim = (a: StoredPending, b: StoredPending): number =>
  (a.claimMs ?? 0) - (b.claimMs ?? 0) || Number(a.sequence - b.sequence);

function isDue(
  row: StoredPending,
  all: readonly StoredPending[],
  database: MemoryDatabase,
  { kinds, timersUntil, exceptDestinations, exceptIds = [] }: ClaimDueRequest,
): boolean {
  if (row.claimMs === null || row.claimMs > database.nowMs() || !kinds.includes(row.kind)) return false;
  if (exceptIds.includes(row.id)) return false;
  if (isLeased(database, row)) return false;
  if (row.kind === 'timer')
    return row.isQueued || (timersUntil !== null && (row.dueMs ?? 0) <= timersUntil.getTime());
  if (row.kind !== 'job') return true;
  if (exceptDestinations.includes(row.destination ?? '')) return false;
  return !all.some(
    (other) =>
      other.kind === 'job' && other.sequence < row.sequence && stateKeyId(other.key) === stateKeyId(row.key),
  );
}

/** Unfinished rows of a key that keep its order. */
export const isUnfinished = ({ kind, isOrdered, isQueued }: StoredPending): boolean =>
  isOrdered &&
  (kind === 'retry' || kind === 'parked' || kind === 'redrive' || (kind === 'timer' && isQueued));

export function queueOfKey(database: MemoryDatabase, session: Session, key: StateKey): StoredPending[] {
  const id = stateKeyId(key);
  return session
    .all(database.tables.pending)
    .filter((row) => stateKeyId(row.key) === id && isUnfinished(row))
    .sort((a, b) => Number(a.sequence - b.sequence));
}

/** Changes a row under its lock; a row that is gone meanwhile is left alone. */
export async function changePending(
  database: MemoryDatabase,
  session: Session,
  id: bigint,
  change: (row: StoredPending) => Partial<StoredPending> | undefined,
): Promise<boolean> {
  const { pending } = database.tables;
  const row = await session.lock(pending, String(id));
  const changed = row && change(row);
  if (!row || !changed) return false;
  session.put(pending, { ...row, ...changed });
  return true;
}

/** Unrun, to be taken from its due time on. */
export const givenBack = ({ starts, claimMs, dueMs }: StoredPending): Partial<StoredPending> => ({
  starts: starts - 1,
  claimMs: Math.min(claimMs ?? Infinity, dueMs ?? Infinity),
  ...unleased,
});

/** Stands in its key's queue behind another row. */
export const waiting: Partial<StoredPending> = { claimMs: null, starts: 0, ...unleased };

export const queued = (database: MemoryDatabase): Partial<StoredPending> => ({
  isQueued: true,
  claimMs: null,
  sequence: database.next(),
  starts: 0,
  ...unleased,
});

export const postponed = (
  database: MemoryDatabase,
  row: StoredPending,
  { dueAt, claimAt, attempts, errorCode, errorMessage }: PendingPostponement,
): Partial<StoredPending> => ({
  dueMs: dueAt.getTime(),
  claimMs: claimAt.getTime(),
  attempts,
  errorCode,
  errorMessage,
  kind: row.kind === 'parked' ? 'retry' : row.kind,
  isQueued: row.kind === 'timer',
  firstFailedMs: row.firstFailedMs ?? database.nowMs(),
  lastFailedMs: database.nowMs(),
  starts: 0,
  ...unleased,
});

const MINUTE_MS = 60_000;

export function nextDue(database: MemoryDatabase, kinds: readonly PendingKind[]): NextDue {
  const now = database.nowMs();
  const free = [...database.tables.pending.rows.values()].filter(
    ({ kind, claimMs, leaseUntilMs }) =>
      claimMs !== null &&
      kinds.includes(kind) &&
      (leaseUntilMs === null || leaseUntilMs < database.clock.nowMs()),
  );
  const waitsMs = free.map(({ claimMs }) => (claimMs ?? 0) - now);
  const next = Math.min(...waitsMs.filter((ms) => ms > 0 && ms < MINUTE_MS));
  const doTimersWait = free.some(
    ({ kind, isQueued, claimMs }) => kind === 'timer' && !isQueued && (claimMs ?? 0) <= now,
  );
  return { inMs: next === Infinity ? undefined : next, doTimersWait };
}
