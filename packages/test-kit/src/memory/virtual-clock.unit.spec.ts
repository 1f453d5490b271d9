import { VirtualClock } from './virtual-clock.js';

const startMs = Date.UTC(2026, 0, 1);

/** A clock, and the order in which sleepers woke. */
function sleeping(...spansMs: number[]): { clock: VirtualClock; woken: number[] } {
  const clock = new VirtualClock(startMs);
  const woken: number[] = [];
  for (const ms of spansMs) void clock.sleep(ms).then(() => woken.push(ms));
  return { clock, woken };
}

describe('VirtualClock', () => {
  it('stands still until it is moved, and wakes one sleeper at a time at the time it asked for', async () => {
    const { clock, woken } = sleeping(300, 100, 200);
    await Promise.resolve();
    expect([clock.nowMs(), clock.nextWakeMs, woken]).toEqual([startMs, startMs + 100, []]);
    const times: number[] = [];
    while (clock.wakeNext(startMs + 250)) {
      times.push(clock.nowMs() - startMs);
      await Promise.resolve();
    }
    expect([times, woken, clock.nowMs() - startMs]).toEqual([[100, 200], [100, 200], 250]);
  });

  it('wakes those of one time in the order in which they fell asleep', async () => {
    const clock = new VirtualClock(startMs);
    const woken: string[] = [];
    for (const name of ['a', 'b', 'c']) void clock.sleep(5).then(() => woken.push(name));
    while (clock.wakeNext(startMs + 5)) await Promise.resolve();
    expect(woken).toEqual(['a', 'b', 'c']);
  });

  it('never goes back, and takes a negative span for none', () => {
    const { clock } = sleeping(-5);
    expect(clock.nextWakeMs).toBe(startMs);
    clock.wakeNext(startMs + 10);
    clock.wakeNext(startMs + 10);
    clock.wakeNext(startMs - 10);
    clock.jumpTo(startMs - 10);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([startMs + 10, startMs + 10]);
  });

  it('jumps without waking anybody: who should have woken wakes next, late', async () => {
    const { clock, woken } = sleeping(100, 50);
    clock.jumpTo(startMs + 1_000);
    await Promise.resolve();
    expect(woken).toEqual([]);
    while (clock.wakeNext(clock.nowMs())) await Promise.resolve();
    expect([woken, clock.nowMs()]).toEqual([[50, 100], startMs + 1_000]);
  });

  it('ends a sleep at once when its signal aborts, before or meanwhile', async () => {
    const clock = new VirtualClock(startMs);
    const abort = new AbortController();
    const sleep = clock.sleep(1_000, abort.signal);
    abort.abort();
    await Promise.all([sleep, clock.sleep(1_000, abort.signal)]);
    expect(clock.nextWakeMs).toBeUndefined();
  });
});
