import type {
  BlockedKey,
  ControlState,
  DeadLetter,
  LetterFilter,
  LetterGroup,
  LetterRedrive,
  NotedOutcome,
  OperatorStore,
  PendingRow,
  RedriveRun,
  RedriveVerdict,
  RunProgress,
  StateKey,
  StoredLetter,
  SwitchName,
} from '@signalbox/agent-kit';
import type { Pool } from 'pg';
import { run } from '../pool.js';
import { dropFromKey, releaseKey } from './key-queue.js';
import * as keysSql from './keys.sql.js';
import {
  blockedKeyOf,
  filterToText,
  groupOf,
  letterOf,
  runOf,
  type GroupRecord,
  type KeyRecord,
  type LetterRecord,
  type RunRecord,
} from './letter-rows.js';
import * as lettersSql from './letters.sql.js';
import { redriveRows } from './redrive-row.js';
import * as runsSql from './runs.sql.js';
import { readSwitches, setSwitch } from './switches.js';

export interface PostgresOperatorOptions {
  readonly pool: Pool;
  readonly schema: string;
  /** This process: owner of the leases of redrive runs. A UUID. */
  readonly instance: string;
}

const actsStarted = `SELECT count(*)::integer AS count FROM sb_ledger
WHERE started_at > clock_timestamp() - $1 * interval '1 millisecond'`;

/** People's side of the kit's tables in one schema of PostgreSQL. */
export class PostgresOperator implements OperatorStore {
  constructor(private readonly options: PostgresOperatorOptions) {}

  async letters(
    filter: LetterFilter,
    { beforeId, limit }: { readonly beforeId?: bigint | undefined; readonly limit: number },
  ): Promise<readonly StoredLetter[]> {
    const values = [...filterValues(filter), beforeId === undefined ? null : String(beforeId), limit];
    return (await this.run<LetterRecord>('letters', lettersSql.letters, values)).map(letterOf);
  }

  async letter(id: bigint): Promise<StoredLetter | undefined> {
    const [row] = await this.run<LetterRecord>('letter', lettersSql.letter, [String(id)]);
    return row && letterOf(row);
  }

  async groups(filter: LetterFilter, limit: number): Promise<readonly LetterGroup[]> {
    const values = [...filterValues(filter), limit];
    return (await this.run<GroupRecord>('letter_groups', lettersSql.groups, values)).map(groupOf);
  }

  async edit(id: bigint, edits: number, value: Buffer, by: string): Promise<boolean> {
    return (await this.run('edit_letter', lettersSql.edit, [String(id), edits, value, by])).length > 0;
  }

  async discard(id: bigint, by: string, why: string): Promise<boolean> {
    return (await this.run('discard_letter', lettersSql.discard, [String(id), by, why])).length > 0;
  }

  redrive(request: LetterRedrive): Promise<RedriveVerdict> {
    return redriveRows(this.options.pool, this.options.schema, request);
  }

  async noteOutcome({ letterId, idempotencyKey, isDone, by, why }: NotedOutcome): Promise<boolean> {
    const values = [String(letterId), idempotencyKey, isDone, by, why];
    return (await this.run('note_outcome', lettersSql.noteOutcome, values)).length > 0;
  }

  async countOpen(filter: LetterFilter): Promise<{ readonly count: number; readonly lastId: bigint }> {
    const values = filterValues({ ...filter, status: 'open' });
    const [row] = await this.run<{ count: number; last_id: string }>(
      'count_open',
      lettersSql.countOpen,
      values,
    );
    return { count: row?.count ?? 0, lastId: BigInt(row?.last_id ?? 0) };
  }

  async startRun(
    wanted: Pick<RedriveRun, 'filter' | 'ratePerS' | 'lettersMax' | 'total' | 'lastId' | 'askedBy'>,
  ): Promise<RedriveRun> {
    const { filter, lastId, ratePerS, lettersMax, total, askedBy } = wanted;
    const values = [filterToText(filter), String(lastId), ratePerS, lettersMax, total, askedBy];
    const [row] = await this.run<RunRecord>('start_run', runsSql.startRun, values);
    return runOf(row as RunRecord);
  }

  async runs(limit: number): Promise<readonly RedriveRun[]> {
    return (await this.run<RunRecord>('runs', runsSql.runs, [limit])).map(runOf);
  }

  private async oneRun(name: string, text: string, values: unknown[]): Promise<RedriveRun | undefined> {
    const [row] = await this.run<RunRecord>(name, text, values);
    return row && runOf(row);
  }

  redriveRun(id: bigint): Promise<RedriveRun | undefined> {
    return this.oneRun('redrive_run', runsSql.run, [String(id)]);
  }

  setRunStatus(id: bigint, to: 'running' | 'cancelled'): Promise<RedriveRun | undefined> {
    return this.oneRun('set_run_status', runsSql.setStatus, [String(id), to]);
  }

  takeRun(leaseMs: number): Promise<RedriveRun | undefined> {
    return this.oneRun('take_run', runsSql.takeRun, [this.options.instance, leaseMs]);
  }

  async lettersOfRun({ filter, atId, lastId }: RedriveRun, limit: number): Promise<readonly StoredLetter[]> {
    const values = [...filterValues({ ...filter, status: 'open' }), String(atId), String(lastId), limit];
    return (await this.run<LetterRecord>('letters_of_run', lettersSql.lettersOfRun, values)).map(letterOf);
  }

  async advanceRun(id: bigint, progress: RunProgress): Promise<boolean> {
    const { atId, redriven, refused, lastRefusal, isDone } = progress;
    const values = [String(id), this.options.instance, String(atId), redriven, refused, lastRefusal, isDone];
    const [row] = await this.run<{ status: string }>('advance_run', runsSql.advance, values);
    return row !== undefined && row.status !== 'cancelled';
  }

  async blockedKeys(limit: number): Promise<readonly BlockedKey[]> {
    return (await this.run<KeyRecord>('blocked_keys', keysSql.blockedKeys, [limit])).map(blockedKeyOf);
  }

  releaseKey(key: StateKey): Promise<boolean> {
    return releaseKey(this.options.pool, this.options.schema, key);
  }

  dropFromKey(
    key: StateKey,
    which: 'head' | 'all',
    who: { readonly by: string; readonly why: string },
    letterOfRow: (row: PendingRow) => DeadLetter,
  ): Promise<number> {
    return dropFromKey(this.options.pool, this.options.schema, key, which, who, letterOfRow);
  }

  control(): Promise<ControlState> {
    return readSwitches(this.options.pool);
  }

  setSwitch(
    name: SwitchName,
    to: { readonly by: string; readonly why: string } | null,
  ): Promise<ControlState> {
    return setSwitch(this.options.pool, name, to);
  }

  async actsStartedWithin(ms: number): Promise<number> {
    const [row] = await this.run<{ count: number }>('acts_started', actsStarted, [ms]);
    return row?.count ?? 0;
  }

  private run<R extends object>(name: string, text: string, values: unknown[]): Promise<R[]> {
    return run<R>(this.options.pool, name, text, values);
  }
}

const filterValues = (filter: LetterFilter): unknown[] => {
  const { status, fingerprint, handler, eventType, from, to, errorCode } = filter;
  return [status, fingerprint, handler, eventType, from, to, errorCode].map((value) => value ?? null);
};
