import { VirtualClock } from '@signalbox/test-kit';
import { Bell } from './bell.js';

describe('a bell', () => {
  const setUp = () => {
    const clock = new VirtualClock();
    const bell = new Bell();
    const stopping = new AbortController();
    const sleep = async (ms: number): Promise<number> => {
      const fromMs = clock.nowMs();
      await bell.sleep(ms, clock, stopping.signal);
      return clock.nowMs() - fromMs;
    };
    return { clock, bell, stopping, sleep };
  };

  it('lets sleep until the time is over', async () => {
    const { clock, sleep } = setUp();
    const slept = sleep(100);
    clock.wakeNext(1e15);
    expect(await slept).toBe(100);
  });

  it('ends a sleep when it rings, once', async () => {
    const { clock, bell, sleep } = setUp();
    const first = sleep(100);
    bell.ring();
    expect(await first).toBe(0);
    const second = sleep(100);
    clock.wakeNext(1e15);
    expect(await second).toBe(100);
  });

  it('ends the next sleep before it begins when it rang meanwhile', async () => {
    const { clock, bell, sleep } = setUp();
    bell.ring();
    bell.ring();
    expect(await sleep(100)).toBe(0);
    const next = sleep(100);
    clock.wakeNext(1e15);
    expect(await next).toBe(100);
  });

  it('ends every sleep when all stops, and leaves nothing on the signal', async () => {
    const { stopping, sleep } = setUp();
    const asleep = sleep(100);
    stopping.abort();
    expect(await asleep).toBe(0);
    expect(await sleep(100)).toBe(0);
  });
});
