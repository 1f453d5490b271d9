import type { ParkedCounts, Store } from '../ports/store.js';
import { ParkedLimits } from './parked-limits.js';

function setUp() {
  let counts: ParkedCounts = { total: 0, ofOneKey: 0 };
  const logged: string[] = [];
  const note = (_fields: object, message: string): void => void logged.push(message);
  const store = { parkedCounts: () => Promise.resolve(counts) } as unknown as Store;
  const limits = new ParkedLimits(10, 100);
  const look = (total: number, ofOneKey: number): Promise<boolean> => {
    counts = { total, ofOneKey };
    return limits.look({ store, log: { info: note, warn: note, error: note } });
  };
  return { limits, look, logged };
}

describe('the limits of parked events', () => {
  it.each([
    ['a key', 12, 10],
    ['the agent', 100, 3],
  ])('hold the inputs when %s has reached its own', async (_what, total, ofOneKey) => {
    const { limits, look, logged } = setUp();
    expect(await look(total - 1, ofOneKey - 1)).toBe(false);
    expect(limits.areInputsHeld).toBe(false);
    expect(await look(total, ofOneKey)).toBe(true);
    expect(limits.areInputsHeld).toBe(true);
    expect(logged).toHaveLength(1);
  });

  it('let them go on only well below, and say each change once', async () => {
    const { limits, look, logged } = setUp();
    await look(20, 10);
    expect(await look(20, 9)).toBe(false);
    expect(limits.areInputsHeld).toBe(true);
    expect(await look(20, 8)).toBe(true);
    expect(limits.areInputsHeld).toBe(false);
    expect(logged).toHaveLength(2);
  });

  it('are counted where there is reason to, and now and then without one', async () => {
    let counted = 0;
    let isAway = false;
    const parkedCounts = (): Promise<ParkedCounts> => {
      counted += 1;
      return isAway ? Promise.reject(new Error('away')) : Promise.resolve(counts);
    };
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const ports = { store: { parkedCounts } as unknown as Store, log: silent };
    const limits = new ParkedLimits(10, 100);
    let counts = { total: 0, ofOneKey: 0 };
    const looks = async (times: number): Promise<number> => {
      counted = 0;
      for (let time = 0; time < times; time += 1) await limits.lookNowAndThen(ports);
      return counted;
    };
    expect(await looks(1)).toBe(1); // what was parked before it began
    expect(await looks(40)).toBe(2);
    limits.note();
    isAway = true;
    await expect(limits.lookNowAndThen(ports)).rejects.toThrow('away');
    isAway = false;
    expect(await looks(5)).toBe(1);
    counts = { total: 10, ofOneKey: 10 };
    limits.note();
    expect(await looks(5)).toBe(5); // held: when may they go on?
    counts = { total: 0, ofOneKey: 0 };
    expect(await looks(5)).toBe(1);
  });

  it('are none where the store cannot count', async () => {
    const limits = new ParkedLimits();
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    expect(await limits.look({ store: {} as Store, log })).toBe(false);
  });
});
