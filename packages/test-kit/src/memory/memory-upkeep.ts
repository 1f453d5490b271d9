import type { Forgotten, OutboxRow, StateKey, StoreMeasures, Upkeep } from '@signalbox/agent-kit';
import type { MemoryDatabase } from './memory-database.js';

/** Looks after a database in memory: nothing is ever forgotten there, but a process finds its own lost outbox rows. */
export class MemoryUpkeep implements Upkeep {
  constructor(
    private readonly database: MemoryDatabase,
    private readonly instance: string,
  ) {}

  async forgetInbox(): Promise<Forgotten> {
    return { deleted: 0, until: null };
  }

  async dropEmptyKeys(): Promise<StateKey | undefined> {
    return undefined;
  }

  async orphanedOutbox(
    olderThanMs: number,
    known: readonly bigint[],
    limit: number,
  ): Promise<readonly OutboxRow[]> {
    const { tables, clock } = this.database;
    const beforeMs = clock.nowMs() - olderThanMs;
    return [...tables.outbox.rows.values()]
      .filter((row) => row.owner === this.instance && row.createdMs < beforeMs && !known.includes(row.id))
      .sort((a, b) => Number(a.id - b.id))
      .slice(0, limit);
  }

  async measure(): Promise<StoreMeasures> {
    const { pending, outbox, deadLetters } = this.database.tables;
    const counts: Record<string, number> = {};
    for (const { kind } of pending.rows.values()) counts[kind] = (counts[kind] ?? 0) + 1;
    const jobsByDestination: Record<string, number> = {};
    for (const { kind, destination } of pending.rows.values()) {
      if (kind !== 'job') continue;
      const name = destination ?? '';
      jobsByDestination[name] = (jobsByDestination[name] ?? 0) + 1;
    }
    const oldestMs = Math.min(...[...outbox.rows.values()].map(({ createdMs }) => createdMs));
    const outboxAgeMs = outbox.rows.size === 0 ? 0 : this.database.clock.nowMs() - oldestMs;
    return {
      pending: counts,
      overdueMs: 0,
      timerLagMs: 0,
      outboxAgeMs,
      deadLettersOpen: deadLetters.rows.size,
      jobsByDestination,
    };
  }
}
