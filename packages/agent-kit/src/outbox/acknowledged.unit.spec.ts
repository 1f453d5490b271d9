import { SignalboxError } from '@signalbox/errors';
import { AcknowledgedRows } from './acknowledged.js';
import { flushAcknowledged } from './flush-acknowledged.js';
import { publishReserved, type ReservedRows } from './reserved-rows.js';

const rows = (...ids: bigint[]) => ids.map((id) => ({ id, topic: 't', partition: 0, records: [] }));

describe('AcknowledgedRows', () => {
  it('hands each id over once, the oldest first, and at most as many as asked for', () => {
    const acknowledged = new AcknowledgedRows();
    acknowledged.add([1n, 2n]);
    acknowledged.add([3n]);
    expect(acknowledged.size).toBe(3);
    expect(acknowledged.take(2)).toEqual([1n, 2n]);
    expect(acknowledged.waiting).toEqual([3n]);
    expect(acknowledged.take()).toEqual([3n]);
    expect(acknowledged.take()).toEqual([]);
  });

  it('takes back what could not be deleted, before what came since', () => {
    const acknowledged = new AcknowledgedRows();
    acknowledged.add([1n, 2n]);
    const taken = acknowledged.take();
    acknowledged.add([3n]);
    acknowledged.putBack(taken);
    expect(acknowledged.waiting).toEqual([1n, 2n, 3n]);
  });
});

describe('flushAcknowledged', () => {
  const ports = (deleteOutbox: (ids: readonly bigint[]) => Promise<void>) => {
    const acknowledged = new AcknowledgedRows();
    return { acknowledged, store: { deleteOutbox } as never };
  };

  it('deletes what the broker has, and asks nothing when there is nothing', async () => {
    const asked: (readonly bigint[])[] = [];
    const flush = ports(async (ids) => void asked.push(ids));
    await flushAcknowledged(flush);
    flush.acknowledged.add([1n, 2n]);
    await flushAcknowledged(flush);
    await flushAcknowledged(flush);
    expect(asked).toEqual([[1n, 2n]]);
  });

  it('keeps the ids when the database is away', async () => {
    const flush = ports(() => Promise.reject(new SignalboxError('database_unavailable', 'away')));
    flush.acknowledged.add([1n]);
    await expect(flushAcknowledged(flush)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(flush.acknowledged.waiting).toEqual([1n]);
  });
});

describe('publishReserved', () => {
  const reserved = (publish: ReservedRows['publish']): ReservedRows => ({
    rows: rows(1n, 2n),
    publish,
    release: () => undefined,
  });

  it('notes as acknowledged what went out: all rows, or those named', async () => {
    const acknowledged = new AcknowledgedRows();
    const asked: unknown[] = [];
    const one = reserved(async (ids) => void asked.push([...(ids ?? [])]));
    await publishReserved(one, acknowledged);
    await publishReserved(one, acknowledged, new Set([2n]));
    expect(asked).toEqual([[1n, 2n], [2n]]);
    expect(acknowledged.waiting).toEqual([1n, 2n, 2n]);
  });

  it('leaves them to the next owner when the publisher was stopped', async () => {
    const acknowledged = new AcknowledgedRows();
    await publishReserved(
      reserved(() => Promise.reject(new Error('stopped'))),
      acknowledged,
    );
    expect(acknowledged.size).toBe(0);
  });
});
