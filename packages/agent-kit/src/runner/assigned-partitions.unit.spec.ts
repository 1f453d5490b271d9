import { userSignedUp } from '@signalbox/contracts';
import { agent } from '../../test/agent.js';
import { KitBench, input, settle, type BenchProcess } from '../../test/kit-bench.js';
import { AssignedPartitions } from './assigned-partitions.js';
import type { ClaimedChunk } from './chunk-worker.js';

const partitions = [0, 1].map((partition) => ({ topic: userSignedUp.topic, partition }));

describe('AssignedPartitions', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let stopping: AbortController;
  let assigned: AssignedPartitions;
  let chunks: ClaimedChunk[];
  let work: () => Promise<void>;
  beforeEach(() => {
    bench = new KitBench({ ...agent, startFrom: 'earliest' }, { [userSignedUp.topic]: 2 });
    one = bench.process('one');
    stopping = new AbortController();
    chunks = [];
    work = () => Promise.resolve();
    const worker = {
      recordsMax: 10,
      waitsOnPurpose: false,
      work: (chunk: ClaimedChunk) => {
        chunks.push(chunk);
        return work();
      },
    };
    assigned = new AssignedPartitions(one.ports, () => worker, stopping.signal);
  });
  const begin = async (which = partitions): Promise<void> => {
    assigned.assign(which, () => one.told.push('assigned'));
    await settle();
  };
  const batch = (partition: number) => {
    const { records } = bench.broker.log({ ...input, partition });
    const lastOffset = BigInt(records.length) - 1n;
    return { ...input, partition, fetchedOffset: 0n, lastOffset, records, highWatermark: lastOffset + 1n };
  };
  const owners = () => [...bench.database.tables.progress.rows.values()].map(({ owner }) => owner);

  it('claims and reads every partition it is given', async () => {
    expect([assigned.hasJoined, assigned.states()]).toEqual([false, []]);
    await begin();
    expect(assigned.hasJoined).toBe(true);
    expect(assigned.states().map(({ partition, isReading }) => [partition, isReading])).toEqual([
      [0, true],
      [1, true],
    ]);
    expect(one.told[0]).toBe('assigned');
    expect(owners()).toEqual(['one', 'one']);
    await bench.inTime(assigned.revoke());
  });

  it('hands a batch to the runner of its partition, and drops one of a partition it does not hold', async () => {
    bench.signUp('ada');
    await begin([partitions[0] as (typeof partitions)[0]]);
    assigned.offer(batch(0));
    assigned.offer({ ...batch(0), partition: 1 });
    await settle();
    expect(chunks.map(({ partition }) => partition.partition)).toEqual([0]);
    await bench.inTime(assigned.revoke());
  });

  it('lets go of everything: owners are told, so that the next claim counts no crash', async () => {
    await begin();
    one.ports.acknowledged.add([7n]);
    await bench.inTime(assigned.revoke());
    expect([assigned.hasJoined, assigned.all]).toEqual([false, []]);
    expect(owners()).toEqual([null, null]);
    expect(one.ports.acknowledged.size).toBe(0);
    const again = await bench.process('two').ports.store.claim(input);
    expect(again?.claimsUnchanged).toBe(1);
  });

  it('waits for the old assignment to end before the new one begins', async () => {
    let finish = (): void => undefined;
    work = () => new Promise((resolve) => (finish = resolve));
    bench.signUp('ada');
    await begin();
    assigned.offer(batch(0));
    await settle();
    const revoked = assigned.revoke();
    await begin([partitions[1] as (typeof partitions)[0]]);
    expect(assigned.all).toEqual([]);
    finish();
    await bench.inTime(revoked);
    await settle();
    expect(assigned.states().map(({ partition }) => partition)).toEqual([1]);
    await bench.inTime(assigned.revoke());
  });

  it('lets go also when the database is away', async () => {
    await begin();
    one.ports.acknowledged.add([7n]);
    one.fail('store.deleteOutbox', 'lost_request');
    one.fail('store.release', 'lost_request');
    await bench.inTime(assigned.revoke());
    expect(assigned.all).toEqual([]);
    expect(one.ports.acknowledged.waiting).toEqual([7n]);
  });

  it('begins nothing once the agent stops', async () => {
    stopping.abort();
    await begin();
    expect(assigned.all).toEqual([]);
  });

  it('looks again at the log where the client lost its position, and where nothing is to be done', async () => {
    await begin();
    const before = one.calls.filter((call) => call === 'store.claim').length;
    assigned.verify({ topic: 'other', partition: 0 });
    assigned.verify(input);
    await settle();
    assigned.verifyIdle();
    await settle();
    expect(one.calls.filter((call) => call === 'store.claim').length - before).toBe(3);
    await bench.inTime(assigned.revoke());
  });
});
