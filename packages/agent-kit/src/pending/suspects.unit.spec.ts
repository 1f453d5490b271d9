import type { PendingRow } from '../ports/store.js';
import { chooseAlone, chooseOneSuspect } from './suspects.js';

const row = (id: number, starts: number): PendingRow => ({ id: BigInt(id), starts }) as PendingRow;
const ids = (rows: readonly PendingRow[]): number[] => rows.map(({ id }) => Number(id));

describe('rows that were started without a result', () => {
  it('run alone: those taken with them are given back, so that no start of theirs is counted', () => {
    const { run, giveBack } = chooseAlone([row(1, 1), row(2, 3), row(3, 2)]);
    expect([ids(run), ids(giveBack)]).toEqual([[2], [1, 3]]);
  });

  it('are none among rows that start for the first time', () => {
    const { run, giveBack } = chooseAlone([row(1, 1), row(2, 1)]);
    expect([ids(run), ids(giveBack)]).toEqual([[1, 2], []]);
  });

  it('as jobs run one at a time beside those above suspicion', () => {
    const rows = [row(1, 2), row(2, 1), row(3, 2)];
    const first = chooseOneSuspect(rows, false);
    expect([ids(first.run), ids(first.giveBack)]).toEqual([[1, 2], [3]]);
    const later = chooseOneSuspect(rows, true);
    expect([ids(later.run), ids(later.giveBack)]).toEqual([[2], [1, 3]]);
  });
});
