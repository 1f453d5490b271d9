import { OverrunError, inTime } from './call-handler-in-time.js';

/** A clock whose sleeps end when the test says so. */
function handClock() {
  const sleeps: { ms: number; end: () => void }[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      signal?.addEventListener('abort', () => resolve());
      sleeps.push({ ms, end: resolve });
    });
  return { sleep, sleeps };
}
const never = new AbortController().signal;
const turns = async (): Promise<void> => {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
};

describe('a call with a deadline', () => {
  it('gives its result and is told nothing', async () => {
    const signals: AbortSignal[] = [];
    const result = await inTime(
      (signal) => {
        signals.push(signal);
        return Promise.resolve(7);
      },
      15_000,
      never,
      handClock(),
    );
    await turns();
    expect(result).toBe(7);
    expect(signals[0]?.aborted).toBe(false);
  });

  it('passes on what the handler throws', async () => {
    const call = () => Promise.reject(new TypeError('no'));
    await expect(inTime(call, 15_000, never, handClock())).rejects.toThrow(TypeError);
  });

  it('is told at the deadline and may still say how it ended', async () => {
    const clock = handClock();
    const call = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new RangeError('aborted by me')));
      });
    const result = inTime(call, 15_000, never, clock);
    expect(clock.sleeps[0]?.ms).toBe(15_000);
    clock.sleeps[0]?.end();
    await expect(result).rejects.toThrow(RangeError);
  });

  it('that does not end although it is told is not waited for', async () => {
    const clock = handClock();
    const result = inTime(() => new Promise<never>(() => undefined), 15_000, never, clock);
    const settled = expect(result).rejects.toThrow(OverrunError);
    clock.sleeps[0]?.end();
    await turns();
    expect(clock.sleeps[1]?.ms).toBe(1_000);
    clock.sleeps[1]?.end();
    await settled;
  });

  it('is told when its process stops', async () => {
    const cut = new AbortController();
    const call = (signal: AbortSignal) =>
      new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('told')));
    const result = inTime(call, 15_000, cut.signal, handClock());
    cut.abort();
    await expect(result).resolves.toBe('told');
  });
});
