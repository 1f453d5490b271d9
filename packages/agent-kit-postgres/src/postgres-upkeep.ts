import type { Forgotten, OutboxRow, StateKey, StoreMeasures, Upkeep } from '@signalbox/agent-kit';
import type { Pool } from 'pg';
import { run } from './pool.js';
import { outboxRowOf, type OutboxRecord } from './rows.js';
import * as sql from './sql/upkeep.sql.js';

/** Rows of one kind that are counted, at most: beyond it the number says "very many". */
const COUNTED_MAX = 10_000;

interface MeasureRecord {
  readonly pending: StoreMeasures['pending'];
  readonly overdue_ms: number;
  readonly timer_lag_ms: number;
  readonly outbox_age_ms: number;
  readonly dead_letters: number;
  readonly jobs_by_destination: StoreMeasures['jobsByDestination'];
}

/** Upkeep of one agent's schema. */
export class PostgresUpkeep implements Upkeep {
  constructor(
    private readonly pool: Pool,
    private readonly instance: string,
  ) {}

  async forgetInbox(windowMs: number, limit: number): Promise<Forgotten> {
    const [row] = await run<Forgotten>(this.pool, 'forget_inbox', sql.forgetInbox, [windowMs, limit]);
    return row ?? { deleted: 0, until: null };
  }

  async dropEmptyKeys(after: StateKey | undefined, limit: number): Promise<StateKey | undefined> {
    const values = [after?.kind ?? '', after?.value ?? '', limit];
    const [last] = await run<StateKey>(this.pool, 'drop_empty_keys', sql.dropEmptyKeys, values);
    return last && { kind: last.kind, value: last.value };
  }

  async orphanedOutbox(
    olderThanMs: number,
    known: readonly bigint[],
    limit: number,
  ): Promise<readonly OutboxRow[]> {
    const values = [this.instance, olderThanMs, known.map(String), limit];
    return (await run<OutboxRecord>(this.pool, 'orphaned_outbox', sql.orphanedOutbox, values)).map(
      outboxRowOf,
    );
  }

  async measure(): Promise<StoreMeasures> {
    const [row] = await run<MeasureRecord>(this.pool, 'measure', sql.measure, [COUNTED_MAX]);
    const { pending, overdue_ms, timer_lag_ms, outbox_age_ms, dead_letters, jobs_by_destination } =
      row as MeasureRecord;
    return {
      pending,
      overdueMs: overdue_ms,
      timerLagMs: timer_lag_ms,
      outboxAgeMs: outbox_age_ms,
      deadLettersOpen: dead_letters,
      jobsByDestination: jobs_by_destination,
    };
  }
}
