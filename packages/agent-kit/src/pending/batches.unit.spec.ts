import type { PendingRow } from '../ports/store.js';
import { batchesOf } from './batches.js';

const row = (id: number, key: string): PendingRow =>
  ({ id: BigInt(id), key: { kind: 'k', value: key } }) as PendingRow;
const shape = (batches: readonly (readonly PendingRow[])[]): string[] =>
  batches.map((batch) => batch.map(({ id, key }) => `${id}${key.value}`).join(' '));

describe('batchesOf', () => {
  it('puts rows of different keys together, in order', () => {
    expect(shape(batchesOf([row(1, 'a'), row(2, 'b'), row(3, 'c')], 10))).toEqual(['1a 2b 3c']);
    expect(batchesOf([], 10)).toEqual([]);
  });

  it('puts a second row of a key into a later batch', () => {
    const rows = [row(1, 'a'), row(2, 'a'), row(3, 'b'), row(4, 'a'), row(5, 'b')];
    expect(shape(batchesOf(rows, 10))).toEqual(['1a 3b', '2a 5b', '4a']);
  });

  it('fills no batch beyond its rows, and keeps a key in order all the same', () => {
    const rows = [row(1, 'a'), row(2, 'b'), row(3, 'c'), row(4, 'a'), row(5, 'd')];
    const batches = batchesOf(rows, 2);
    expect(shape(batches)).toEqual(['1a 2b', '3c 4a', '5d']);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(2);
  });
});
