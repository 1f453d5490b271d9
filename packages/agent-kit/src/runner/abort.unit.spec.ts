import { unlessAborted } from './abort.js';

describe('unlessAborted', () => {
  it('gives what the work gives', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('does not wait for work that hangs', async () => {
    const stop = new AbortController();
    const waiting = unlessAborted(new Promise(() => undefined), stop.signal);
    stop.abort(new Error('time is up'));
    await expect(waiting).rejects.toThrow('time is up');
    await expect(unlessAborted(new Promise(() => undefined), stop.signal)).rejects.toThrow('time is up');
  });
});
