import { Positions } from './positions.js';

const a = { topic: 't', partition: 0 };
const b = { topic: 't', partition: 1 };

describe('Positions', () => {
  const positions = new Positions();
  beforeEach(() => positions.assign([a, b]));

  it('start paused and without a place', () => {
    expect(positions.admit(a, 0n)).toEqual({ kind: 'ignore' });
    positions.setPaused(a, false);
    expect(positions.admit(a, 0n)).toEqual({ kind: 'ignore' });
    expect(positions.active()).toEqual([]);
    positions.moveTo(a, 7n);
    expect(positions.active()).toEqual([a]);
  });

  it('take only the batch that starts at the place, and send any other back to it', () => {
    positions.moveTo(a, 7n);
    positions.setPaused(a, false);
    expect(positions.admit(a, 7n)).toEqual({ kind: 'deliver' });
    expect(positions.admit(a, 6n)).toEqual({ kind: 'seek', next: 7n });
    expect(positions.admit(a, 8n)).toEqual({ kind: 'seek', next: 7n });
    expect(positions.admit(b, 7n)).toEqual({ kind: 'ignore' });
  });

  it('ignore what is paused or not ours', () => {
    positions.moveTo(a, 7n);
    expect(positions.admit(a, 7n)).toEqual({ kind: 'ignore' });
    expect(positions.admit({ topic: 'other', partition: 0 }, 7n)).toEqual({ kind: 'ignore' });
    positions.moveTo({ topic: 'other', partition: 0 }, 7n);
    expect(positions.next({ topic: 'other', partition: 0 })).toBeUndefined();
  });

  it('forget everything with a new assignment', () => {
    positions.moveTo(a, 7n);
    positions.setPaused(a, false);
    positions.assign([a]);
    expect(positions.next(a)).toBeUndefined();
    expect(positions.has(b)).toBe(false);
    expect(positions.admit(a, 7n)).toEqual({ kind: 'ignore' });
  });

  it('tell topics apart whose names and partitions run into each other', () => {
    positions.assign([
      { topic: 'x1', partition: 1 },
      { topic: 'x', partition: 11 },
    ]);
    positions.moveTo({ topic: 'x1', partition: 1 }, 5n);
    expect(positions.next({ topic: 'x', partition: 11 })).toBeUndefined();
  });
});
