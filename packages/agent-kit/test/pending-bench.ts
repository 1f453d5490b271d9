import {
  encodeEvent,
  remediationRequested,
  usageRecorded,
  type ActivityEntry,
  type EventEnvelope,
} from '@signalbox/contracts';
import type { MemoryDatabase } from '@signalbox/test-kit';
import { workHandle } from '../src/chunk/failure.js';
import type { AnyHandler, DecideHandler, PerformHandler, TimerHandler } from '../src/handlers.js';
import type { Output } from '../src/outputs.js';
import type {
  ChunkWrites,
  PendingInsert,
  PendingKind,
  PendingRow,
  RawRecord,
  TimerCause,
  TimerWrite,
} from '../src/ports/store.js';
import type { StateKey } from '../src/state.js';
import { agent, counter, signUp } from './agent.js';
import { KitBench, type BenchProcess } from './kit-bench.js';

type Tables = MemoryDatabase['tables'];
/** A row of a table in memory. */
type Row<T extends keyof Tables> = Tables[T]['rows'] extends Map<string, infer R> ? R : never;

/** What a handler gives back, or throws, for one key (for calls: one event id). */
export type Deed = () => readonly Output<{ total: number }>[];

export interface HandlerChanges {
  readonly use?: Partial<DecideHandler>;
  readonly end?: Partial<TimerHandler>;
  readonly call?: Partial<PerformHandler>;
}

const setBy: TimerCause = { source: 'auth', eventId: 'evt-1', correlationId: 'story-1', hops: 0 };

/** A handler of each kind; what it does is looked up when it runs. */
function handlersOf(run: (what: string, value: string) => readonly Output[], changes: HandlerChanges) {
  const retry = { delaysMs: [1_000], afterDeadLetter: 'go-on' } as const;
  const use: DecideHandler = {
    kind: 'decide',
    name: 'use',
    contract: usageRecorded,
    state: counter,
    retry,
    decide: ({ key, event }) => run(`use ${event.event_id}`, key.value),
    ...changes.use,
  };
  const end: TimerHandler = {
    kind: 'timer',
    name: 'end',
    timer: 'end',
    state: counter,
    retry,
    fire: ({ key }) => run(`end ${key.value}`, key.value),
    ...changes.end,
  };
  const call: PerformHandler = {
    kind: 'perform',
    name: 'call',
    contract: remediationRequested,
    destination: ({ data }) => (data as { service_name: string }).service_name,
    unknownOutcome: 'repeat',
    retry,
    giveUp: () => [],
    perform: async ({ event_id: id }) => run(`call ${id}`, id) as never,
    ...changes.call,
  };
  return [use, end, call] as AnyHandler[];
}

/** An agent with unfinished work of every kind, on stores in memory; a test says what its handlers do. */
export class PendingBench extends KitBench {
  /** What the handlers did, in order: `use <event id>`, `end <key>`, `call <event id>`. */
  readonly done: string[];
  /** By key, for calls by event id; what is not named gives no outputs. */
  readonly deeds: Map<string, Deed>;
  /** What was told of events after commits. */
  readonly told: ActivityEntry[] = [];
  readonly one: BenchProcess;

  constructor(changes: HandlerChanges = {}) {
    const done: string[] = [];
    const deeds = new Map<string, Deed>();
    const run = (what: string, value: string) => {
      const outputs = deeds.get(value)?.() ?? [];
      done.push(what);
      return outputs as readonly Output[];
    };
    super({ ...agent, handlers: handlersOf(run, changes) });
    this.done = done;
    this.deeds = deeds;
    this.one = this.process('one');
    const { context } = this.one.ports;
    (context as { onHandled: typeof context.onHandled }).onHandled = (entries) => this.told.push(...entries);
  }

  get rows(): Row<'pending'>[] {
    return [...this.database.tables.pending.rows.values()];
  }
  get letters(): Row<'deadLetters'>[] {
    return [...this.database.tables.deadLetters.rows.values()];
  }
  get ledger(): Row<'ledger'>[] {
    return [...this.database.tables.ledger.rows.values()];
  }
  get now(): Date {
    return new Date(this.clock.nowMs());
  }
  keyRow(value: string, kind = 'counter'): Row<'keys'> | undefined {
    return this.database.tables.keys.rows.get(`${kind}\n${value}`);
  }

  /** Writes as another process of the agent does, in a transaction of its own. */
  async commit(writes: Partial<ChunkWrites>): Promise<void> {
    const tx = await this.process('other').ports.store.begin();
    const { chunk } = await tx.openChunk();
    const nothing = { origin: null, keys: [], pending: [], timers: [], deadLetters: [] };
    await tx.write({ ...nothing, outbox: [], acknowledged: [], chunk, ...writes });
    await tx.commit();
  }

  /** Changes what is stored of the row of an event, job or timer's key. */
  change(value: string, change: Partial<Row<'pending'>>): void {
    const { rows } = this.database.tables.pending;
    for (const [id, row] of rows)
      if (row.eventId === value || row.key.value === value) rows.set(id, { ...row, ...change });
  }

  /** Blocks keys, as a failed event does. */
  block(...values: readonly string[]): void {
    for (const value of values) {
      const row = { ...counter.key(value), state: null, stateVersion: 0, blocked: true };
      this.database.tables.keys.rows.set(`counter\n${value}`, { ...row, lastChunk: 0n, lastOwner: null });
    }
  }

  /** A failed event of a user at the head of its queue, which is due, and so many parked ones behind it. */
  async queue(value: string, parked: number): Promise<void> {
    const kind = 'parked';
    const behind = Array.from({ length: parked }, (_none, n) => this.event(value, n + 1, { kind }));
    await this.commit({ pending: [this.event(value, 0, { attempts: 1 }), ...behind] });
    this.block(value);
  }

  /** A failed or parked event `evt-<n>` of a user. */
  event(value: string, n: number, change: Partial<PendingInsert> = {}): PendingInsert {
    const data = { ...usageRecorded.example, user_id: value };
    const id = `evt-${value}-${n}`;
    const isParked = change.kind === 'parked';
    return {
      ...this.work('use', counter.key(value), id),
      kind: 'retry',
      isOrdered: true,
      dueAt: isParked ? null : this.now,
      claimAt: isParked ? null : this.now,
      record: rawRecordOf(usageRecorded.type, id, data),
      ...change,
    };
  }

  /** A connector's job. */
  job(id: string, destination = 'd', change: Partial<PendingInsert> = {}): PendingInsert {
    const data = { ...remediationRequested.example, service_name: destination };
    return {
      ...this.work('call', { kind: 'handler:call', value: id }, id),
      kind: 'job',
      isOrdered: false,
      dueAt: this.now,
      claimAt: this.now,
      record: rawRecordOf(remediationRequested.type, id, data),
      destination,
      ...change,
    };
  }

  timer(value: string, inMs = 0, cause: Partial<TimerCause> = {}): TimerWrite {
    const dueAt = new Date(this.clock.nowMs() + inMs);
    const by = { ...setBy, ...cause };
    return { action: 'set', key: counter.key(value), name: 'end', dueAt, payload: null, setBy: by };
  }

  cancel(value: string): TimerWrite {
    return { action: 'cancel', key: counter.key(value), name: 'end' };
  }

  /** Leases what is due, as the agent's loops do. */
  claim(kinds: readonly PendingKind[], limit = 100): Promise<readonly PendingRow[]> {
    const rest = { leaseMs: 30_000, timersUntil: this.now, exceptDestinations: [] };
    return this.one.ports.store.claimDue({ kinds, limit, ...rest });
  }

  private work(handler: string, key: StateKey, eventId: string) {
    const handle = workHandle(this.agent.name, handler, 'auth', eventId);
    return { handle, handler, key, source: 'auth', eventId, attempts: 0 };
  }
}

export const eventOf = (type: string, id: string, data: object): EventEnvelope => ({
  ...signUp,
  event_id: id,
  event_type: type,
  data,
  metadata: {
    source_service: 'auth',
    correlation_id: 'story',
    schema_version: type === usageRecorded.type ? 2 : 1,
  },
});

export const rawRecordOf = (type: string, id: string, data: object): RawRecord => ({
  topic: type,
  partition: 0,
  offset: 0n,
  timestampMs: 0,
  key: null,
  value: encodeEvent(eventOf(type, id, data)).value,
  headers: {},
});
