import { KafkaWatch } from './kafka-watch.js';

describe('KafkaWatch', () => {
  let answer: () => Promise<unknown>;
  let changes: boolean[];
  let watch: KafkaWatch;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    changes = [];
    answer = () => Promise.resolve();
    watch = new KafkaWatch({
      probe: () => answer(),
      nowMs: () => Date.now(),
      onChange: (reachable) => changes.push(reachable),
    });
  });

  afterEach(() => {
    void watch.stop();
    jest.useRealTimers();
  });

  it('does not call Kafka reachable before its first answer', async () => {
    expect(watch.reachable).toBe(false);
    watch.start();
    await jest.advanceTimersByTimeAsync(10);
    expect(watch.reachable).toBe(true);
    expect(changes).toEqual([true]);
  });

  it.each([
    ['refuses', () => Promise.reject(new Error('away'))],
    ['hangs', () => new Promise(() => undefined)],
  ])('sees within 5 s that Kafka %s, and within 4 s that it is back', async (_, away) => {
    watch.start();
    await jest.advanceTimersByTimeAsync(2_000);
    answer = away;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(watch.reachable).toBe(false);
    answer = () => Promise.resolve();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(watch.reachable).toBe(true);
    expect(changes).toEqual([true, false, true]);
  });

  it('asks one question at a time', async () => {
    let asked = 0;
    answer = () => {
      asked += 1;
      return new Promise(() => undefined);
    };
    watch.start();
    await jest.advanceTimersByTimeAsync(2_400);
    expect(asked).toBe(1);
  });

  it('asks nothing more once stopped', async () => {
    watch.start();
    await jest.advanceTimersByTimeAsync(100);
    await watch.stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});
