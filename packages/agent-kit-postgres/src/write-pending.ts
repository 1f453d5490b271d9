import { allAnswers, isFoundInTable, type PendingInsert } from '@signalbox/agent-kit';
import { pendingChannel } from './channel.js';
import {
  bigintColumn,
  booleanColumn,
  bytesColumn,
  integerColumn,
  textColumn,
  timestampColumn,
} from './columns.js';
import { HeadersToText } from './headers.js';
import type { Query } from './query.js';
import * as pendingSql from './sql/pending.sql.js';

/** Writes unfinished work in the order given and tells who waits for work that is found in the table. */
export async function writePending(
  query: Query,
  pending: readonly PendingInsert[],
  schema: string,
): Promise<void> {
  const hasJobs = pending.some(({ kind }) => kind === 'job');
  const [name, text] = hasJobs
    ? ['insert_jobs', pendingSql.insertJobs]
    : ['insert_pending', pendingSql.insertPending];
  const sent = [query(name, text, pendingColumns(pending))];
  if (pending.some(isFoundInTable))
    sent.push(query('notify', 'SELECT pg_notify($1, $2)', [pendingChannel(schema), '']));
  await allAnswers(sent);
}

/** The parameters of the statement: what differs from row to row, then what the rows of a sort share. */
function pendingColumns(pending: readonly PendingInsert[]): Buffer[] {
  const { sorts, sortOfEach } = sortsOf(pending);
  const headers = new HeadersToText();
  return [
    integerColumn(sortOfEach),
    textColumn(pending.map(({ handle }) => handle)),
    textColumn(pending.map(({ key }) => key.value)),
    textColumn(pending.map(({ eventId }) => eventId)),
    textColumn(pending.map(({ errorMessage }) => errorMessage ?? null)),
    textColumn(pending.map(({ destination }) => destination ?? null)),
    bigintColumn(pending.map(({ record }) => record.offset)),
    bigintColumn(pending.map(({ record }) => BigInt(record.timestampMs))),
    bytesColumn(pending.map(({ record }) => record.key)),
    bytesColumn(pending.map(({ record }) => record.value)),
    textColumn(pending.map(({ record }) => headers.write(record.headers))),
    ...sharedColumns(sorts),
  ];
}

const sharedColumns = (sorts: readonly PendingInsert[]): Buffer[] => [
  textColumn(sorts.map(({ kind }) => kind)),
  textColumn(sorts.map(({ handler }) => handler)),
  textColumn(sorts.map(({ key }) => key.kind)),
  textColumn(sorts.map(({ source }) => source)),
  timestampColumn(sorts.map(({ dueAt }) => dueAt)),
  timestampColumn(sorts.map(({ claimAt }) => claimAt)),
  booleanColumn(sorts.map(({ isOrdered }) => isOrdered)),
  integerColumn(sorts.map(({ attempts }) => attempts)),
  textColumn(sorts.map(({ errorCode }) => errorCode ?? null)),
  textColumn(sorts.map(({ record }) => record.topic)),
  integerColumn(sorts.map(({ record }) => record.partition)),
];

/** The first row of each sort, and for each row the number of its sort, from 1. */
function sortsOf(pending: readonly PendingInsert[]): { sorts: PendingInsert[]; sortOfEach: number[] } {
  const sorts: PendingInsert[] = [];
  const known = new Map<string, number>();
  let [before, sort]: [PendingInsert | undefined, number] = [undefined, 0];
  const sortOfEach = pending.map((row) => {
    if (!before || !isOfOneSort(before, row)) {
      const id = sortIdOf(row);
      sort = known.get(id) ?? sorts.push(row);
      known.set(id, sort);
    }
    before = row;
    return sort;
  });
  return { sorts, sortOfEach };
}

/** Whether neighbours agree in what rows of a sort share; nearly all do, and this costs less than an id. */
const isOfOneSort = (a: PendingInsert, b: PendingInsert): boolean =>
  a.kind === b.kind &&
  a.handler === b.handler &&
  a.key.kind === b.key.kind &&
  a.source === b.source &&
  a.dueAt?.getTime() === b.dueAt?.getTime() &&
  a.claimAt?.getTime() === b.claimAt?.getTime() &&
  a.isOrdered === b.isOrdered &&
  a.attempts === b.attempts &&
  a.errorCode === b.errorCode &&
  a.record.topic === b.record.topic &&
  a.record.partition === b.record.partition;

const sortIdOf = ({ record, key, ...row }: PendingInsert): string =>
  JSON.stringify([
    ...[row.kind, row.handler, key.kind, row.source, row.dueAt, row.claimAt, row.isOrdered],
    ...[row.attempts, row.errorCode, record.topic, record.partition],
  ]);
