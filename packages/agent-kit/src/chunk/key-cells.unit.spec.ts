import { z } from 'zod';
import { counter, keyRow } from '../../test/agent.js';
import { defineState } from '../state.js';
import { KeyCell, KeyCells, NewerStateError } from './key-cells.js';

describe('KeyCell', () => {
  it('writes nothing when the state is set to what it was', () => {
    const cell = new KeyCell(keyRow({ state: '{"total":1}', stateVersion: 1 }));
    cell.set(counter, { total: 1 });
    expect(cell.write()).toBeUndefined();
    cell.set(counter, { total: 2 });
    cell.set(counter, { total: 1 });
    expect(cell.write()).toBeUndefined();
  });

  it('gives every handler a state of its own', () => {
    const cell = new KeyCell(keyRow({ state: '{"total":1}', stateVersion: 1 }));
    const seen = cell.read(counter);
    if (seen) seen.total = 99;
    expect(cell.read(counter)).toEqual({ total: 1 });
  });

  it('goes back to its checkpoint, and not further', () => {
    const cell = new KeyCell(keyRow());
    cell.set(counter, { total: 1 });
    const restore = cell.checkpoint();
    cell.set(counter, { total: 2 });
    cell.emitted = true;
    restore();
    expect(cell.write()).toMatchObject({ state: '{"total":1}', changed: true, emitted: false });
  });

  it('forgets the state', () => {
    const cell = new KeyCell(keyRow({ state: '{"total":1}', stateVersion: 1 }));
    cell.clear();
    expect(cell.read(counter)).toBeUndefined();
    expect(cell.write()).toMatchObject({ state: null, changed: true });
  });

  it('brings older state up to date, and refuses newer state', () => {
    const third = defineState({
      kind: 'counter',
      version: 3,
      schema: z.object({ sum: z.number(), since: z.string() }),
      upcasters: {
        1: (old) => ({ sum: (old as { total: number }).total }),
        2: (old) => ({ ...(old as object), since: 'unknown' }),
      },
    });
    expect(new KeyCell(keyRow({ state: '{"total":4}', stateVersion: 1 })).read(third)).toEqual({
      sum: 4,
      since: 'unknown',
    });
    const newer = new KeyCell(keyRow({ state: '{}', stateVersion: 4 }));
    expect(() => newer.read(third)).toThrow(NewerStateError);
  });
});

describe('KeyCells', () => {
  it('shows a locked key as this chunk has left it, others as they were stored', () => {
    const cells = new KeyCells(
      [keyRow({ state: '{"total":1}', stateVersion: 1 })],
      [keyRow({ value: 'usr-2', state: '{"total":7}', stateVersion: 1 })],
    );
    cells.cell(counter.key('usr-1')).set(counter, { total: 2 });
    expect(['usr-1', 'usr-2', 'usr-3'].map((value) => cells.read(counter, value))).toEqual([
      { total: 2 },
      { total: 7 },
      undefined,
    ]);
    expect(cells.writes()).toHaveLength(1);
  });

  it('knows no key that was not locked', () => {
    expect(() => new KeyCells([], []).cell(counter.key('usr-1'))).toThrow('was not locked');
  });
});
