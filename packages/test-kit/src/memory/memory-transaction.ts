import {
  CommitUnknownError,
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
import type { MemoryDatabase } from './memory-database.js';
import * as pendingStatements from './pending-statements.js';
import { settlePending } from './settle-pending.js';
import type { Session } from './session.js';
import { newKeyRow, placeId, stateKeyId } from './tables.js';
import { wake } from './wake.js';
import { writeChunk } from './write-chunk.js';

/** One transaction of a store in memory. */
export class MemoryTransaction implements StoreTransaction {
  /** Keys that were missing and are made with what is written. */
  private readonly madeLater = new Set<string>();

  constructor(
    private readonly database: MemoryDatabase,
    private readonly session: Session,
    private readonly owner: string,
  ) {}

  async fence(request: FenceRequest): Promise<FenceResult | undefined> {
    this.session.refuseEnded();
    const { progress } = this.database.tables;
    const row = await this.session.lock(progress, placeId(request));
    if (!row || row.epoch !== request.epoch || row.nextOffset !== request.expectedOffset) return undefined;
    const { nextOffset, last = row.last } = request;
    this.session.put(progress, { ...row, nextOffset, ...(last ? { last } : {}) });
    return this.opened();
  }

  async openChunk(): Promise<FenceResult> {
    this.session.refuseEnded();
    return this.opened();
  }

  async takeResponsibility(rows: readonly InboxRow[]): Promise<readonly InboxVerdict[]> {
    this.session.refuseEnded();
    const { inbox } = this.database.tables;
    const verdicts = new Map<InboxRow, InboxVerdict>();
    const sorted = [...rows].sort((a, b) => a.identity.compare(b.identity));
    for (const row of sorted) {
      const identity = row.identity.toString('hex');
      const fingerprint = row.fingerprint.toString('hex');
      const known = await this.session.lock(inbox, identity);
      if (!known) this.session.put(inbox, { identity, fingerprint, outcome: row.outcome });
      const isSame = known?.fingerprint === fingerprint;
      verdicts.set(row, !known ? 'taken' : isSame ? 'duplicate' : 'conflict');
    }
    return rows.map((row) => verdicts.get(row) as InboxVerdict);
  }

  async lockKeys(keys: readonly StateKey[], mode: LockMode = 'wait'): Promise<readonly KeyRow[]> {
    this.session.refuseEnded();
    const table = this.database.tables.keys;
    const rows = new Map<string, KeyRow>();
    for (const id of keys.map(stateKeyId).sort()) {
      if (mode === 'leave' && !(await this.session.tryLock(table, id))) continue;
      if (mode === 'make-later' && !this.session.get(table, id)) {
        this.madeLater.add(id);
        rows.set(id, newKeyRow(id));
        continue;
      }
      const known = await this.session.lock(table, id);
      if (!known) this.session.put(table, newKeyRow(id));
      rows.set(id, known ?? newKeyRow(id));
    }
    return keys.flatMap((key) => rows.get(stateKeyId(key)) ?? []);
  }

  async readKeys(keys: readonly StateKey[]): Promise<readonly KeyRow[]> {
    this.session.refuseEnded();
    return keys.flatMap((key) => this.session.get(this.database.tables.keys, stateKeyId(key)) ?? []);
  }

  async outboxOfChunks(chunks: readonly bigint[]): Promise<readonly OutboxRow[]> {
    this.session.refuseEnded();
    const foreign = this.session.all(this.database.tables.outbox).filter(({ owner }) => owner !== this.owner);
    const asked = foreign.filter(({ chunk }) => chunks.some((latest) => chunk <= latest));
    return foreign
      .filter(({ id, owner }) => asked.some((row) => row.owner === owner && id <= row.id))
      .sort((a, b) => Number(a.id - b.id));
  }

  async takePending(leases: readonly Lease[]): Promise<ReadonlySet<bigint>> {
    this.session.refuseEnded();
    const { pending } = this.database.tables;
    const held = new Set<bigint>();
    for (const { id, token } of [...leases].sort((a, b) => Number(a.id - b.id))) {
      if (this.session.get(pending, String(id))?.leaseToken !== token) continue;
      if ((await this.session.lock(pending, String(id)))?.leaseToken === token) held.add(id);
    }
    return held;
  }

  async queuesOfKeys(
    keys: readonly StateKey[],
    limit: number,
    except: readonly bigint[] = [],
  ): Promise<readonly PendingRow[]> {
    this.session.refuseEnded();
    const queues = keys.flatMap((key) =>
      pendingStatements
        .queueOfKey(this.database, this.session, key)
        .filter(({ id }) => !except.includes(id))
        .slice(0, limit),
    );
    return queues.map(pendingStatements.pendingRowOf);
  }

  async makeNextDue(queues: readonly QueueOfKey[]): Promise<readonly StateKey[]> {
    this.session.refuseEnded();
    const headed: StateKey[] = [];
    for (const { key, exceptTimers } of queues) {
      if (await pendingStatements.makeNextDue(this.database, this.session, key, exceptTimers))
        headed.push(key);
    }
    return headed;
  }

  async settlePending(settlement: PendingSettlement): Promise<void> {
    this.session.refuseEnded();
    await settlePending(this.database, this.session, settlement);
  }

  async newFingerprints(fingerprints: readonly string[]): Promise<readonly string[]> {
    this.session.refuseEnded();
    const wanted = [...new Set(fingerprints)].sort();
    for (const fingerprint of wanted) await this.session.lockName(`fingerprint:${fingerprint}`);
    const open = new Set(
      this.session.all(this.database.tables.deadLetters).map(({ fingerprint }) => fingerprint),
    );
    return wanted.filter((fingerprint) => !open.has(fingerprint));
  }

  async wake(wakeUps: readonly WakeUp[], leaseMs?: number): Promise<readonly PendingRow[]> {
    this.session.refuseEnded();
    return wake(this.database, this.session, wakeUps, leaseMs);
  }

  async write(writes: ChunkWrites): Promise<readonly bigint[]> {
    this.session.refuseEnded();
    return writeChunk(this.database, this.session, this.owner, writes, this.madeLater);
  }

  async commit(): Promise<void> {
    // A connection that is gone gives no answer to COMMIT: as on the real one, the outcome has to be looked up.
    if (this.session.isEnded) throw new CommitUnknownError(new Error('terminated'));
    this.session.commit();
  }

  async rollback(): Promise<void> {
    this.session.rollback();
  }

  private opened(): FenceResult {
    return { chunk: this.database.next(), now: new Date(this.database.nowMs()) };
  }
}
