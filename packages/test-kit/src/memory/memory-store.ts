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
import type { MemoryDatabase } from './memory-database.js';
import { MemoryTransaction } from './memory-transaction.js';
import { onOneConnection } from './one-connection.js';
import { changePending, claimDue, givenBack, nextDue } from './pending-statements.js';
import { startAct } from './start-act.js';
import { placeId, stateKeyId, type ProgressRow, type StoredOutbox } from './tables.js';

/** The store of one process on a database in memory: locks, visibility, leases and fences as on the real one. */
export class MemoryStore implements Store {
  /** @param instance this process: owner of claims, rows and leases. */
  constructor(
    readonly database: MemoryDatabase,
    readonly instance: string,
  ) {}

  claim(partition: TopicPartition): Promise<Claim | undefined> {
    const { instance } = this;
    return this.changeProgress(partition, undefined, (row) => {
      const claims =
        row.claimedOffset !== row.nextOffset && row.suspectOffset !== row.nextOffset
          ? 1
          : row.owner === null || row.owner === instance
            ? row.claims
            : row.claims + 1;
      return { epoch: row.epoch + 1n, claims, claimedOffset: row.nextOffset, owner: instance };
    }).then((row) => row && claimOf(row));
  }

  startTopic(
    topic: string,
    offsets: ReadonlyMap<number, bigint>,
    later: ReadonlyMap<number, bigint>,
  ): Promise<void> {
    const { progress } = this.database.tables;
    return this.database.statement(this.instance, async (session) => {
      await session.lockName(`topic:${topic}`);
      const isKnown = session.all(progress).some((row) => row.topic === topic);
      for (const [partition, low] of later) {
        if (await session.lock(progress, placeId({ topic, partition }))) continue;
        const nextOffset = isKnown ? low : (offsets.get(partition) ?? low);
        session.put(progress, { topic, partition, nextOffset, ...unclaimed });
      }
    });
  }

  async reposition(partition: TopicPartition, epoch: bigint, offset: bigint): Promise<boolean> {
    const moved = await this.changeProgress(partition, epoch, () => ({ nextOffset: offset }), true);
    return moved !== undefined;
  }

  async confirm(partition: TopicPartition, epoch: bigint): Promise<bigint | undefined> {
    return (await this.changeProgress(partition, epoch, () => ({})))?.nextOffset;
  }

  async release(partitions: readonly TopicPartition[]): Promise<void> {
    for (const partition of partitions) {
      await this.changeProgress(partition, undefined, ({ owner }) =>
        owner === this.instance ? { owner: null } : {},
      );
    }
  }

  async markSuspect(partition: TopicPartition, epoch: bigint, offset: bigint): Promise<number | undefined> {
    const row = await this.changeProgress(partition, epoch, ({ suspectOffset, suspectMarks }) => ({
      suspectOffset: offset,
      suspectMarks: suspectOffset === offset ? suspectMarks + 1 : 1,
    }));
    return row?.suspectMarks;
  }

  async begin(): Promise<StoreTransaction> {
    const session = this.database.open(this.instance);
    return onOneConnection(new MemoryTransaction(this.database, session, this.instance));
  }

  async outboxOfPartition(origin: TopicPartition): Promise<readonly OutboxRow[]> {
    const place = placeId(origin);
    const lastOf = new Map<string, bigint>();
    for (const row of this.outbox((one) => one.origin !== null && placeId(one.origin) === place))
      lastOf.set(row.owner, row.id);
    return this.outbox(({ id, owner }) => id <= (lastOf.get(owner) ?? -1n));
  }

  async outboxToSweep(olderThanMs: number, leaseMs: number, limit: number): Promise<readonly OutboxRow[]> {
    const { tables, clock } = this.database;
    const beforeMs = clock.nowMs() - olderThanMs;
    const leftBehind = (): StoredOutbox[] => this.outbox(({ createdMs }) => createdMs < beforeMs);
    const isHolder = await this.database.statement(this.instance, async (session) => {
      if (leftBehind().length === 0) return false;
      const lease = await session.lock(tables.sweeper, 'one');
      if (!lease || (lease.owner !== this.instance && lease.leaseUntilMs >= clock.nowMs())) return false;
      session.put(tables.sweeper, { owner: this.instance, leaseUntilMs: clock.nowMs() + leaseMs });
      return true;
    });
    return isHolder ? leftBehind().slice(0, limit) : [];
  }

  deleteOutbox(ids: readonly bigint[]): Promise<void> {
    const { outbox } = this.database.tables;
    return this.database.statement(this.instance, async (session) => {
      for (const id of ids.map(String)) if (await session.lock(outbox, id)) session.remove(outbox, id);
    });
  }

  async storedOutbox(ids: readonly bigint[]): Promise<readonly bigint[]> {
    return ids.filter((id) => this.database.tables.outbox.rows.has(String(id)));
  }

  claimDue(request: ClaimDueRequest): Promise<readonly PendingRow[]> {
    return this.database.statement(this.instance, (session) => claimDue(this.database, session, request));
  }

  unclaim(leases: readonly Lease[]): Promise<void> {
    return this.database.statement(this.instance, async (session) => {
      for (const { id, token } of leases) {
        await changePending(this.database, session, id, (row) =>
          row.leaseToken === token ? givenBack(row) : undefined,
        );
      }
    });
  }

  async inputProgress(topics: readonly string[], internalTopic: string): Promise<InputProgress> {
    const { progress, outbox } = this.database.tables;
    const partitions = [...progress.rows.values()].filter(({ topic }) => topics.includes(topic));
    const open = [...outbox.rows.values()].filter(({ topic }) => topic === internalTopic);
    const oldestMs = Math.min(...open.map(({ createdMs }) => createdMs));
    const oldestInternalAt =
      partitions.length === 0 || open.length === 0 ? null : new Date(oldestMs + this.database.offsetMs);
    return { partitions, oldestInternalAt };
  }

  async now(): Promise<Date> {
    return new Date(this.database.nowMs());
  }

  async nextDue(kinds: readonly PendingKind[]): Promise<NextDue> {
    return nextDue(this.database, kinds);
  }

  startActs(acts: readonly ActStart[]): Promise<readonly ActVerdict[]> {
    return this.database.statement(this.instance, async (session) => {
      const verdicts: ActVerdict[] = [];
      for (const act of acts) verdicts.push(await startAct(this.database, session, act));
      return verdicts;
    });
  }

  async unmarkSuspect(partition: TopicPartition, offset: bigint): Promise<void> {
    await this.changeProgress(partition, undefined, ({ suspectOffset, suspectMarks }) =>
      suspectOffset === offset ? { suspectMarks: Math.max(0, suspectMarks - 1) } : {},
    );
  }

  async parkedCounts(totalMax: number, perKeyMax: number): Promise<ParkedCounts> {
    const parked = [...this.database.tables.pending.rows.values()].filter(({ kind }) => kind === 'parked');
    const counts = new Map<string, number>();
    for (const { key } of parked) counts.set(stateKeyId(key), (counts.get(stateKeyId(key)) ?? 0) + 1);
    const ofOneKey = Math.min(perKeyMax, Math.max(0, ...counts.values()));
    return { total: Math.min(totalMax, parked.length), ofOneKey };
  }

  /** Calls back once at first, as the real one does when it begins to listen. */
  async onPending(callback: () => void): Promise<() => Promise<void>> {
    this.database.listeners.add(callback);
    callback();
    return async () => {
      this.database.listeners.delete(callback);
    };
  }

  async ping(): Promise<void> {
    // memory always answers; a fault middleware may stand before it
  }

  private outbox(isWanted: (row: StoredOutbox) => boolean): StoredOutbox[] {
    return [...this.database.tables.outbox.rows.values()]
      .filter((row) => row.owner !== this.instance && isWanted(row))
      .sort((a, b) => Number(a.id - b.id));
  }

  /** Changes a progress row under its lock; undefined when there is none or its epoch is another. */
  private changeProgress(
    partition: TopicPartition,
    epoch: bigint | undefined,
    change: (row: ProgressRow) => Partial<ProgressRow>,
    forgetsLast = false,
  ): Promise<ProgressRow | undefined> {
    const { progress } = this.database.tables;
    return this.database.statement(this.instance, async (session) => {
      const row = await session.lock(progress, placeId(partition));
      if (!row || (epoch !== undefined && row.epoch !== epoch)) return undefined;
      const { last, ...rest } = { ...row, ...change(row) };
      const changed = last && !forgetsLast ? { ...rest, last } : rest;
      session.put(progress, changed);
      return changed;
    });
  }
}

const unclaimed = {
  epoch: 0n,
  owner: null,
  claimedOffset: null,
  claims: 0,
  suspectOffset: null,
  suspectMarks: 0,
} as const;

const claimOf = ({ nextOffset, epoch, claims, last }: ProgressRow): Claim => ({
  nextOffset,
  epoch,
  claimsUnchanged: claims,
  ...(last ? { last } : {}),
});
