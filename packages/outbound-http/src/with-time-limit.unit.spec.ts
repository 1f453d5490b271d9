import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withTimeLimit } from './with-time-limit.js';

const never = new AbortController().signal;

/** Settles only when its signal aborts, with the reason. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

/** Collects garbage whenever the loop turns, until the returned function is called. */
function collectingGarbage(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const collecting = setInterval(collect, 5);
  return () => clearInterval(collecting);
}

it('gives what the call gives, and leaves nothing on the signal it was handed', async () => {
  const outer = new AbortController();
  const removed = jest.spyOn(outer.signal, 'removeEventListener');
  await expect(withTimeLimit(60_000, outer.signal, () => Promise.resolve(7))).resolves.toBe(7);
  await expect(
    withTimeLimit(60_000, outer.signal, () => Promise.reject(new RangeError('no'))),
  ).rejects.toThrow(RangeError);
  expect(removed).toHaveBeenCalledTimes(2);
});

it.each([
  ['without a signal', undefined],
  ['with a signal that never aborts', never],
])('aborts when the time is over, %s, however much garbage is collected', async (_what, signal) => {
  const rest = collectingGarbage();
  try {
    await expect(withTimeLimit(200, signal, untilAborted)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'no end within 200 ms',
    });
  } finally {
    rest();
  }
});

it('aborts with the reason of the signal it was handed, early or late', async () => {
  const outer = new AbortController();
  const call = withTimeLimit(60_000, outer.signal, untilAborted);
  outer.abort(new RangeError('enough'));
  await expect(call).rejects.toThrow('enough');
  await expect(withTimeLimit(60_000, outer.signal, untilAborted)).rejects.toThrow('enough');
});

it('takes a time-out of the caller for a signal, which the collector leaves alone then', async () => {
  const rest = collectingGarbage();
  try {
    await expect(withTimeLimit(60_000, AbortSignal.timeout(200), untilAborted)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  } finally {
    rest();
  }
});
