import { SignalboxError } from '@signalbox/errors';
import { CommitUnknownError } from '../ports/store.js';
import { UnclearCommitError, commitInOrder } from './commit-in-order.js';
import type { CommittedRow } from './committed-row.js';
import type { ReservedRows } from './reserved-rows.js';

const rows: CommittedRow[] = [{ id: 1n, topic: 't', partition: 0, records: [] }];

function setUp(commit: () => Promise<void>) {
  const calls: string[] = [];
  const reserve = (given: readonly CommittedRow[]): ReservedRows => {
    calls.push(`reserve ${given.length}`);
    return { rows: given, publish: () => Promise.resolve(), release: () => void calls.push('release') };
  };
  const tx = {
    commit: () => {
      calls.push('commit');
      return commit();
    },
  };
  return { calls, committed: () => commitInOrder(tx, rows, { reserve }) };
}

describe('commitInOrder', () => {
  it('takes the places before COMMIT frees the locks', async () => {
    const { calls, committed } = setUp(() => Promise.resolve());
    expect((await committed()).rows).toBe(rows);
    expect(calls).toEqual(['reserve 1', 'commit']);
  });

  it('gives them up when nothing was committed', async () => {
    const refused = new SignalboxError('database_unavailable', 'serialisation failed');
    const { calls, committed } = setUp(() => Promise.reject(refused));
    await expect(committed()).rejects.toBe(refused);
    expect(calls).toEqual(['reserve 1', 'commit', 'release']);
  });

  it('keeps them when the answer was lost, for who finds out', async () => {
    const { calls, committed } = setUp(() => Promise.reject(new CommitUnknownError(new Error('cut'))));
    const error: unknown = await committed().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnclearCommitError);
    expect((error as UnclearCommitError).reserved.rows).toBe(rows);
    expect(calls).toEqual(['reserve 1', 'commit']);
  });
});
