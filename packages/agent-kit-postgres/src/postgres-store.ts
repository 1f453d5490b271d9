import type {
  ActStart,
  ActVerdict,
  Claim,
  ClaimDueRequest,
  InputProgress,
  Lease,
  NextDue,
  OutboxRow,
  ParkedCounts,
  PendingKind,
  PendingRow,
  Store,
  StoreTransaction,
  TopicPartition,
} from '@signalbox/agent-kit';
import type { Pool, QueryConfig } from 'pg';
import { ORDERS, pendingChannel } from './channel.js';
import { asStoreError } from './errors.js';
import { listen } from './listen.js';
import { connect, run } from './pool.js';
import { leasesParameter } from './parameters.js';
import { PostgresTransaction } from './postgres-transaction.js';
import {
  claimOf,
  outboxRowOf,
  pendingRowOf,
  type OutboxRecord,
  type PendingRecord,
  type ProgressRecord,
} from './rows.js';
import * as ledgerSql from './sql/ledger.sql.js';
import * as outboxSql from './sql/outbox.sql.js';
import * as pendingSql from './sql/pending.sql.js';
import * as progressSql from './sql/progress.sql.js';

const PING_MS = 1_000;

interface InputProgressRecord {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: string;
  readonly oldest_internal_at: Date | null;
}

interface NextDueRecord {
  readonly in_ms: number | null;
  readonly do_timers_wait: boolean;
}

interface StartedRecord {
  readonly is_held: boolean;
  readonly before: string | null;
}

function verdictOf({ is_held: isHeld, before }: StartedRecord): ActVerdict {
  if (!isHeld) return 'lost';
  if (before === 'done') return 'done';
  return before === 'started' ? 'unknown' : 'started';
}

export interface PostgresStoreOptions {
  readonly pool: Pool;
  /** For the one connection that listens, which the pool's time-outs would cut. */
  readonly url: string;
  readonly schema: string;
  /** This process: owner of claims, rows and leases. A UUID. */
  readonly instance: string;
}

/** The kit's tables in one schema of PostgreSQL. */
export class PostgresStore implements Store {
  private pinging: Promise<void> | undefined;

  constructor(private readonly options: PostgresStoreOptions) {}

  async claim({ topic, partition }: TopicPartition): Promise<Claim | undefined> {
    const [row] = await this.run<ProgressRecord>('claim', progressSql.claimPartition, [
      topic,
      partition,
      this.options.instance,
    ]);
    return row && claimOf(row);
  }

  async startTopic(
    topic: string,
    offsets: ReadonlyMap<number, bigint>,
    later: ReadonlyMap<number, bigint>,
  ): Promise<void> {
    const rows = [...later].map(([partition, low]) => ({
      partition,
      first: String(offsets.get(partition) ?? low),
      later: String(low),
    }));
    const client = await connect(this.options.pool);
    let failure: Error | undefined;
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 11))', [
        `${this.options.schema} ${topic}`,
      ]);
      await client.query(progressSql.startTopic, [topic, JSON.stringify(rows)]);
      await client.query('COMMIT');
    } catch (error) {
      failure = asStoreError(error);
      throw failure;
    } finally {
      client.release(failure);
    }
  }

  async reposition({ topic, partition }: TopicPartition, epoch: bigint, offset: bigint): Promise<boolean> {
    const rows = await this.run('reposition', progressSql.reposition, [
      topic,
      partition,
      String(epoch),
      String(offset),
    ]);
    return rows.length > 0;
  }

  async confirm({ topic, partition }: TopicPartition, epoch: bigint): Promise<bigint | undefined> {
    const [row] = await this.run<{ next_offset: string }>('confirm', progressSql.confirm, [
      topic,
      partition,
      String(epoch),
    ]);
    return row && BigInt(row.next_offset);
  }

  async release(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return;
    await this.run('release', progressSql.release, [this.options.instance, JSON.stringify(partitions)]);
  }

  async begin(): Promise<StoreTransaction> {
    return PostgresTransaction.begin(await connect(this.options.pool), this.options);
  }

  async outboxOfPartition({ topic, partition }: TopicPartition): Promise<readonly OutboxRow[]> {
    const { instance } = this.options;
    return (
      await this.run<OutboxRecord>('outbox_of_partition', outboxSql.outboxOfPartition, [
        topic,
        partition,
        instance,
      ])
    ).map(outboxRowOf);
  }

  async outboxToSweep(olderThanMs: number, leaseMs: number, limit: number): Promise<readonly OutboxRow[]> {
    const { instance } = this.options;
    const held = await this.run('sweeper_lease', outboxSql.takeSweeperLease, [
      instance,
      leaseMs,
      olderThanMs,
    ]);
    if (held.length === 0) return [];
    return (
      await this.run<OutboxRecord>('sweep', outboxSql.outboxToSweep, [instance, olderThanMs, limit])
    ).map(outboxRowOf);
  }

  async deleteOutbox(ids: readonly bigint[]): Promise<void> {
    if (ids.length > 0) await this.run('delete_outbox', outboxSql.deleteOutbox, [ids.map(String)]);
  }

  async storedOutbox(ids: readonly bigint[]): Promise<readonly bigint[]> {
    const rows = await this.run<{ id: string }>('stored_outbox', outboxSql.storedOutbox, [ids.map(String)]);
    return rows.map(({ id }) => BigInt(id));
  }

  async claimDue(request: ClaimDueRequest): Promise<readonly PendingRow[]> {
    const { kinds, limit } = request;
    const jobs = kinds.includes('job') ? await this.claimJobs(request, limit) : [];
    const left = limit - jobs.length;
    const queues =
      kinds.some((kind) => kind !== 'job') && left > 0 ? await this.claimQueues(request, left) : [];
    return [...jobs, ...queues].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }

  private async claimQueues(request: ClaimDueRequest, limit: number): Promise<PendingRow[]> {
    const { kinds, leaseMs, timersUntil, exceptIds = [] } = request;
    const values = [this.options.instance, leaseMs, kinds, limit, timersUntil, exceptIds.map(String)];
    return (await this.run<PendingRecord>('claim_queues', pendingSql.claimQueues, values)).map(pendingRowOf);
  }

  private async claimJobs(request: ClaimDueRequest, limit: number): Promise<PendingRow[]> {
    const {
      leaseMs,
      exceptDestinations,
      exceptIds = [],
      jobsByDestination = {},
      jobsPerDestinationMax,
    } = request;
    const none = Object.fromEntries(exceptDestinations.map((destination) => [destination, 0]));
    const places = JSON.stringify({ ...jobsByDestination, ...none });
    const { instance } = this.options;
    const values = [instance, leaseMs, places, limit, jobsPerDestinationMax ?? limit, exceptIds.map(String)];
    return (await this.run<PendingRecord>('claim_jobs', pendingSql.claimJobs, values)).map(pendingRowOf);
  }

  async inputProgress(topics: readonly string[], internalTopic: string): Promise<InputProgress> {
    const rows = await this.run<InputProgressRecord>('input_progress', progressSql.inputProgress, [
      topics,
      internalTopic,
    ]);
    return {
      partitions: rows.map(({ topic, partition, next_offset }) => ({
        topic,
        partition,
        nextOffset: BigInt(next_offset),
      })),
      oldestInternalAt: rows[0]?.oldest_internal_at ?? null,
    };
  }

  async now(): Promise<Date> {
    const [row] = await this.run<{ now: Date }>('now', 'SELECT sb_now() AS now', []);
    return (row as { now: Date }).now;
  }

  async markSuspect(
    { topic, partition }: TopicPartition,
    epoch: bigint,
    offset: bigint,
  ): Promise<number | undefined> {
    const values = [topic, partition, String(epoch), String(offset)];
    const [row] = await this.run<{ suspect_marks: number }>('mark_suspect', progressSql.markSuspect, values);
    return row?.suspect_marks;
  }

  async unmarkSuspect({ topic, partition }: TopicPartition, offset: bigint): Promise<void> {
    await this.run('unmark_suspect', progressSql.unmarkSuspect, [topic, partition, String(offset)]);
  }

  async unclaim(leases: readonly Lease[]): Promise<void> {
    if (leases.length > 0) await this.run('unclaim', pendingSql.unclaim, [leasesParameter(leases)]);
  }

  async nextDue(kinds: readonly PendingKind[]): Promise<NextDue> {
    const [row] = await this.run<NextDueRecord>('next_due', pendingSql.nextDue, [kinds]);
    return { inMs: row?.in_ms ?? undefined, doTimersWait: row?.do_timers_wait ?? false };
  }

  async parkedCounts(totalMax: number, perKeyMax: number): Promise<ParkedCounts> {
    const [row] = await this.run<{ total: number; of_one_key: number }>('parked', pendingSql.parkedCounts, [
      totalMax,
      perKeyMax,
    ]);
    return { total: row?.total ?? 0, ofOneKey: row?.of_one_key ?? 0 };
  }

  async startActs(acts: readonly ActStart[]): Promise<readonly ActVerdict[]> {
    const rows = acts.map(({ idempotencyKey, eventId, pendingId, leaseMs, ...rest }, ordinal) => ({
      ...rest,
      ordinal,
      key: idempotencyKey,
      event_id: eventId,
      pending_id: String(pendingId),
      lease_ms: leaseMs,
    }));
    const values = [JSON.stringify(rows)];
    return (await this.run<StartedRecord>('start_acts', ledgerSql.startActs, values)).map(verdictOf);
  }

  onPending(onWork: () => void, onOrders: () => void = () => undefined): Promise<() => Promise<void>> {
    return listen(this.options.url, pendingChannel(this.options.schema), (text) => {
      if (text !== ORDERS) onWork();
      if (text === ORDERS || text === undefined) onOrders();
    });
  }

  /** One question at a time: a server that is silent must not cost a connection for each who asks. */
  async ping(): Promise<void> {
    this.pinging ??= this.pingOnce().finally(() => (this.pinging = undefined));
    return this.pinging;
  }

  private async pingOnce(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('timeout')), PING_MS);
    });
    // The query's own time-out makes the pool destroy the connection.
    const query: QueryConfig & { query_timeout: number } = { text: 'SELECT 1', query_timeout: PING_MS };
    try {
      await Promise.race([this.options.pool.query(query), late]);
    } catch (error) {
      throw asStoreError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  private run<R extends object>(name: string, text: string, values: unknown[]): Promise<R[]> {
    return run<R>(this.options.pool, name, text, values);
  }
}
