import { SendCall } from './send-call.js';

const to = { topic: 'orders', partition: 3 };
const record = (value: string) => ({ key: Buffer.from('k'), value: Buffer.from(value), headers: {} });

describe('SendCall', () => {
  it('resolves when every record is acknowledged, and tells once that it is settled', async () => {
    let settled = 0;
    const call = new SendCall(to, [record('a'), record('b')], 10_000, () => (settled += 1));
    call.acknowledge();
    expect(call.settled).toBe(false);
    call.acknowledge();
    await call.result;
    call.unavailable('too late to matter');
    expect(settled).toBe(1);
  });

  it('waits for all records before it names the refused ones, at most 50', async () => {
    const records = Array.from({ length: 80 }, (_, n) => record(String(n)));
    const call = new SendCall(to, records, 10_000, () => undefined);
    call.acknowledge();
    for (let n = 1; n < 80; n += 1) call.refuse(n, 'too large');
    const error = await call.result.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'broker_refused', message: expect.stringContaining('orders[3]') });
    expect((error as { pointers: { pointer: string }[] }).pointers.map(({ pointer }) => pointer)).toEqual(
      Array.from({ length: 50 }, (_, n) => `/${n + 1}`),
    );
  });

  it('rejects with an unknown outcome at its deadline', async () => {
    const call = new SendCall(to, [record('a')], 5, () => undefined);
    await expect(call.result).rejects.toMatchObject({ code: 'broker_unavailable', retryable: true });
    expect(call.settled).toBe(true);
  });

  it('sets the partition, keeps bytes and time, and estimates no less than the size', async () => {
    const headers = { text: 'äöü', bytes: Buffer.alloc(100) };
    const call = new SendCall(
      to,
      [{ key: null, value: Buffer.alloc(600), headers, timestampMs: 5 }],
      5,
      () => undefined,
    );
    expect(call.items[0]?.message).toEqual({
      key: null,
      value: Buffer.alloc(600),
      headers,
      partition: 3,
      timestamp: '5',
    });
    expect(call.bytes).toBeGreaterThanOrEqual(600 + 100 + 4 + 5 + 6);
    expect(call.bytes).toBeLessThan(900);
    await expect(call.result).rejects.toThrow();
  });
});
