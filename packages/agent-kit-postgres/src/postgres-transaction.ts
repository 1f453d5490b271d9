import {
  CommitUnknownError,
  allAnswers,
  type ChunkWrites,
  type FenceRequest,
  type FenceResult,
  type InboxRow,
  type InboxVerdict,
  type KeyRow,
  type Lease,
  type LockMode,
  type OutboxRow,
  type PendingRow,
  type PendingSettlement,
  type QueueOfKey,
  type StateKey,
  type StoreTransaction,
  type WakeUp,
} from '@signalbox/agent-kit';
import type { PoolClient } from 'pg';
import { uuidColumn } from './columns.js';
import { asStoreError, isDatabaseTrouble, sqlStateOf } from './errors.js';
import { LockedKeys } from './locked-keys.js';
import { handlesByAttempt, inboxColumns, keyColumns, leasesParameter, verdictsOf } from './parameters.js';
import {
  keyRowOf,
  outboxRowOf,
  pendingRowOf,
  type KeyRecord,
  type OutboxRecord,
  type PendingRecord,
} from './rows.js';
import * as deadLettersSql from './sql/dead-letters.sql.js';
import * as inboxSql from './sql/inbox.sql.js';
import * as keysSql from './sql/keys.sql.js';
import * as outboxSql from './sql/outbox.sql.js';
import * as pendingSql from './sql/pending.sql.js';
import * as progressSql from './sql/progress.sql.js';
import { sendTogether } from './send-together.js';
import { settlePending } from './settle-pending.js';
import { writeChunk } from './write-chunk.js';

const LOCK_TRIES_MAX = 5;

interface Owner {
  readonly schema: string;
  readonly instance: string;
}

/** One transaction on one connection of the pool. */
export class PostgresTransaction implements StoreTransaction {
  private broken: Error | undefined;
  private isOver = false;
  private readonly locked = new LockedKeys();

  private constructor(
    private readonly client: PoolClient,
    private readonly owner: Owner,
  ) {}

  static async begin(client: PoolClient, owner: Owner): Promise<PostgresTransaction> {
    const tx = new PostgresTransaction(client, owner);
    try {
      await tx.query('begin', 'BEGIN', []);
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
    return tx;
  }

  async fence(request: FenceRequest): Promise<FenceResult | undefined> {
    const { topic, partition, epoch, expectedOffset, nextOffset, last } = request;
    const values = [
      topic,
      partition,
      String(epoch),
      String(expectedOffset),
      String(nextOffset),
      last ? String(last.offset) : null,
      last ? last.timestampMs : null,
      last ? last.hash : null,
    ];
    const [row] = await this.query<OpenedRecord>('fence', progressSql.fence, values);
    return row && openedOf(row);
  }

  async openChunk(): Promise<FenceResult> {
    const [row] = await this.query<OpenedRecord>('open_chunk', progressSql.openChunk, []);
    return openedOf(row as OpenedRecord);
  }

  async takeResponsibility(rows: readonly InboxRow[]): Promise<readonly InboxVerdict[]> {
    if (rows.length === 0) return [];
    const [taken] = await this.query<{ count: number; identities: string[] | null }>(
      'inbox',
      inboxSql.takeResponsibility,
      inboxColumns(rows),
    );
    if (taken?.count === rows.length) return new Array<InboxVerdict>(rows.length).fill('taken');
    const known = await this.query<{ identity: string; fingerprint: string }>(
      'inbox_known',
      inboxSql.fingerprintsOf,
      [uuidColumn(rows.map(({ identity }) => identity))],
    );
    return verdictsOf(rows, taken?.identities ?? [], known);
  }

  async lockKeys(keys: readonly StateKey[], mode: LockMode = 'wait'): Promise<readonly KeyRow[]> {
    if (keys.length === 0) return [];
    const columns = keyColumns(keys);
    if (mode === 'make-later') {
      const rows = await this.query<KeyRecord>('lock_keys', keysSql.lockKeys, columns);
      return this.locked.addOrMiss(keys, rows.map(keyRowOf));
    }
    const [name, text] =
      mode === 'wait' ? ['lock_keys', keysSql.lockKeys] : ['lock_free_keys', keysSql.lockFreeKeys];
    // Nearly always none is missing: the keys of unfinished work were made with it.
    for (let tries = 0; tries < LOCK_TRIES_MAX; tries += 1) {
      if (tries > 0) await this.query('add_keys', keysSql.addMissingKeys, columns);
      const rows = await this.query<KeyRecord>(name, text, columns);
      const isAll = rows.length === keys.length || (mode === 'leave' && tries > 0);
      if (isAll) return this.locked.add(keys, rows.map(keyRowOf));
    }
    throw asStoreError(Object.assign(new Error('keys vanish while they are locked'), { code: '40001' }));
  }

  async readKeys(keys: readonly StateKey[]): Promise<readonly KeyRow[]> {
    return (await this.query<KeyRecord>('read_keys', keysSql.readKeys, keyColumns(keys))).map(keyRowOf);
  }

  async outboxOfChunks(chunks: readonly bigint[]): Promise<readonly OutboxRow[]> {
    const values = [chunks.map(String), this.owner.instance];
    return (await this.query<OutboxRecord>('outbox_of_chunks', outboxSql.outboxOfChunks, values)).map(
      outboxRowOf,
    );
  }

  async takePending(leases: readonly Lease[]): Promise<ReadonlySet<bigint>> {
    if (leases.length === 0) return new Set();
    const values = [leasesParameter(leases)];
    const held = await this.query<{ id: string }>('take_pending', pendingSql.takePending, values);
    return new Set(held.map(({ id }) => BigInt(id)));
  }

  async queuesOfKeys(
    keys: readonly StateKey[],
    limit: number,
    except: readonly bigint[] = [],
  ): Promise<readonly PendingRow[]> {
    const values = [...keyColumns(keys), limit, except.map(String)];
    const rows = await this.query<PendingRecord>('queues_of_keys', pendingSql.queuesOfKeys, values);
    return rows.map(pendingRowOf);
  }

  async makeNextDue(queues: readonly QueueOfKey[]): Promise<readonly StateKey[]> {
    const rows = queues.map(({ key, exceptTimers }) => ({ ...key, except_timers: exceptTimers }));
    return this.query<StateKey>('make_next_due', pendingSql.makeNextDue, [JSON.stringify(rows)]);
  }

  settlePending(settlement: PendingSettlement): Promise<void> {
    return settlePending((name, text, values) => this.query(name, text, values), settlement);
  }

  async newFingerprints(fingerprints: readonly string[]): Promise<readonly string[]> {
    const wanted = [...new Set(fingerprints)].sort();
    if (wanted.length === 0) return [];
    await this.query('lock_fingerprints', deadLettersSql.lockFingerprints, [this.owner.schema, wanted]);
    const open = await this.query<{ fingerprint: string }>(
      'open_fingerprints',
      deadLettersSql.openFingerprints,
      [wanted],
    );
    return wanted.filter((fingerprint) => !open.some((row) => row.fingerprint === fingerprint));
  }

  async wake(wakeUps: readonly WakeUp[], leaseMs?: number): Promise<readonly PendingRow[]> {
    const groups = handlesByAttempt(wakeUps);
    const lease = (group: unknown[]): Promise<PendingRecord[]> =>
      this.query('lease_woken', pendingSql.leaseWoken, [...group, this.owner.instance, leaseMs]);
    const leased = leaseMs === undefined ? [] : (await allAnswers(groups.map(lease))).flat();
    if (leased.length < wakeUps.length)
      await allAnswers(groups.map((group) => this.query('wake', pendingSql.wake, group)));
    return leased.map(pendingRowOf);
  }

  write(writes: ChunkWrites): Promise<readonly bigint[]> {
    return writeChunk((name, text, values) => this.query(name, text, values), writes, {
      ...this.owner,
      locked: this.locked,
    });
  }

  async commit(): Promise<void> {
    try {
      await this.query('commit', 'COMMIT', []);
    } catch (error) {
      this.release(error as Error);
      throw isConnectionLoss(error) ? new CommitUnknownError(error) : error;
    }
    this.release();
  }

  /** Does nothing after `commit`, whatever became of it. */
  async rollback(): Promise<void> {
    if (this.isOver) return;
    if (!this.broken) await this.query('rollback', 'ROLLBACK', []).catch(() => undefined); // the session is destroyed
    this.release(this.broken);
  }

  private async query<R extends object>(name: string, text: string, values: unknown[]): Promise<R[]> {
    const statement = values.length > 0 ? { name, text, values } : { text };
    try {
      return (await sendTogether(this.client, () => this.client.query<R>(statement))).rows;
    } catch (error) {
      if (isConnectionLoss(error)) this.broken = error as Error;
      throw asStoreError(error);
    }
  }

  private release(error?: Error): void {
    this.isOver = true;
    this.client.release(error);
  }
}

interface OpenedRecord {
  readonly chunk: string;
  readonly now: Date;
}
const openedOf = ({ chunk, now }: OpenedRecord): FenceResult => ({ chunk: BigInt(chunk), now });

/** The server may or may not have done what it was asked: the connection is gone or gives no answer. */
function isConnectionLoss(error: unknown): boolean {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const state = sqlStateOf(cause);
  const hasAnswered = state !== undefined && !state.startsWith('57P') && !state.startsWith('08');
  return !hasAnswered && isDatabaseTrouble(cause);
}
