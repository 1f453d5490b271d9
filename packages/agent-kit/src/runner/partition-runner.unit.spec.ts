import type { FetchedBatch, IncomingRecord, RecordConsumer } from '../ports/records.js';
import type { Claim } from '../ports/store.js';
import { ClaimLostError } from '../chunk/chunk.js';
import type { ChunkWorker, ClaimedChunk } from './chunk-worker.js';
import { PartitionRunner } from './partition-runner.js';
import type { RunnerPorts } from './ports.js';

const partition = { topic: 'orders', partition: 0 };
const claim: Claim = { nextOffset: 5n, epoch: 1n, claimsUnchanged: 1 };

const record = (offset: bigint, bytes = 1): IncomingRecord => ({
  offset,
  timestampMs: 1_000 + Number(offset),
  key: null,
  value: Buffer.alloc(bytes),
  headers: {},
});
const batch = (from: bigint, count: number, bytes = 1): FetchedBatch => {
  const records = Array.from({ length: count }, (_, n) => record(from + BigInt(n), bytes));
  return {
    ...partition,
    fetchedOffset: from,
    lastOffset: from + BigInt(count) - 1n,
    records,
    highWatermark: 9_999n,
  };
};

/** Lets every promise that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open: () => open() };
}

describe('PartitionRunner', () => {
  let calls: string[];
  let chunks: ClaimedChunk[];
  let claimed: () => Promise<Claim>;
  let work: (chunk: ClaimedChunk) => Promise<void>;
  let sleeps: number[];
  let isAgentPaused: boolean;

  beforeEach(() => {
    calls = [];
    chunks = [];
    sleeps = [];
    isAgentPaused = false;
    claimed = () => Promise.resolve(claim);
    work = () => Promise.resolve();
  });

  const runner = (waitsOnPurpose = false): PartitionRunner => {
    const consumer: Partial<RecordConsumer> = {
      seek: (_at, offset) => calls.push(`seek ${offset}`),
      pause: () => calls.push('pause'),
      resume: () => calls.push('resume'),
    };
    const worker: ChunkWorker = {
      recordsMax: 10,
      waitsOnPurpose,
      work: (chunk) => {
        chunks.push(chunk);
        return work(chunk);
      },
    };
    const clock = {
      nowMs: () => 0,
      monotonicMs: () => 0,
      sleep: (ms: number, signal?: AbortSignal) => {
        sleeps.push(ms);
        return new Promise<void>((resolve) => {
          if (ms < 5_000) setImmediate(resolve);
          signal?.addEventListener('abort', () => resolve());
        });
      },
    };
    const ports = {
      context: { clock, agent: { name: 'a' } },
      consumer,
      store: { claim: () => claimed(), outboxOfPartition: () => Promise.resolve([]) },
      inspector: { offsets: () => Promise.resolve(new Map([[0, { low: 0n, end: 9_999n }]])) },
      random: { fraction: () => 0.5 },
      quiet: { warn: () => undefined },
      switches: {
        get isPaused() {
          return isAgentPaused;
        },
        untilResumed: () => Promise.resolve(),
      },
      measures: { chunk: () => undefined, trouble: () => undefined },
    };
    return new PartitionRunner(partition, ports as unknown as RunnerPorts, worker);
  };
  const started = async (waitsOnPurpose = false): Promise<PartitionRunner> => {
    const made = runner(waitsOnPurpose);
    made.start();
    await settle();
    return made;
  };

  it('seeks to its progress and reads on from there', async () => {
    const made = await started();
    expect(calls).toEqual(['seek 5', 'resume']);
    made.offer(batch(5n, 3));
    await settle();
    expect(chunks.map(({ from, taken }) => [from, taken.next])).toEqual([[5n, 8n]]);
    expect(made.state()).toMatchObject({ isReading: true, lag: 9_991n, oldestMs: undefined });
    await made.stop(10);
  });

  it('drops a batch that does not continue its position and seeks again', async () => {
    const made = await started();
    made.offer(batch(7n, 3));
    await settle();
    expect(chunks).toEqual([]);
    expect(calls.at(-1)).toBe('seek 5');
    await made.stop(10);
  });

  it('pauses at its bound of records and goes on when there is room', async () => {
    const slow = gate();
    work = () => slow.promise;
    const made = await started();
    made.offer(batch(5n, 5));
    await settle();
    made.offer(batch(10n, 30));
    expect(calls).not.toContain('pause');
    made.offer(batch(40n, 1));
    expect(calls.at(-1)).toBe('pause');
    made.offer(batch(41n, 5)); // one that was on its way
    slow.open();
    await settle();
    await settle();
    expect(calls.at(-1)).toBe('resume');
    expect(chunks.at(-1)?.taken.next).toBe(46n);
    await made.stop(10);
  });

  it('pauses at its bound of bytes', async () => {
    const slow = gate();
    work = () => slow.promise;
    const made = await started();
    made.offer(batch(5n, 1));
    await settle();
    made.offer(batch(6n, 5, 1024 * 1024));
    expect(calls.at(-1)).toBe('pause');
    slow.open();
    await made.stop(10);
  });

  it('stops in the middle of a claim, and touches the partition no more', async () => {
    const slow = gate();
    claimed = () => slow.promise.then(() => claim);
    const made = await started();
    const stopped = made.stop(5_000);
    slow.open();
    await stopped;
    expect(calls).toEqual(['pause']);
    expect(made.isReading).toBe(false);
  });

  it('stops although a statement hangs', async () => {
    work = () => new Promise(() => undefined);
    const made = await started();
    made.offer(batch(5n, 1));
    await settle();
    await made.stop(10);
    expect(calls.at(-1)).toBe('pause');
  });

  it('waits before it takes a lost partition back, so that a member that was thrown out hears of it first', async () => {
    let isFirst = true;
    work = () => {
      const error = isFirst ? new ClaimLostError(partition) : undefined;
      isFirst = false;
      return error ? Promise.reject(error) : Promise.resolve();
    };
    const made = await started();
    made.offer(batch(5n, 1));
    await settle();
    expect(sleeps).toEqual([3_000]);
    expect(calls.at(-1)).toBe('pause');
    await settle();
    await settle();
    expect(calls.slice(-2)).toEqual(['seek 5', 'resume']);
    await made.stop(10);
  });

  it('shows work without progress, unless it waits on purpose', async () => {
    const slow = gate();
    work = () => slow.promise;
    const [busy, waiting] = [await started(), await started(true)];
    for (const made of [busy, waiting]) made.offer(batch(5n, 2));
    await settle();
    expect(busy.state()).toMatchObject({ oldestMs: 1_005, silentSinceMs: 0 });
    expect(waiting.state()).toMatchObject({ oldestMs: undefined, silentSinceMs: undefined });
    slow.open();
    await Promise.all([busy.stop(10), waiting.stop(10)]);
  });

  it('follows the kill switch', async () => {
    const made = await started();
    isAgentPaused = true;
    made.followSwitches();
    expect(calls.at(-1)).toBe('pause');
    isAgentPaused = false;
    made.followSwitches();
    expect(calls.at(-1)).toBe('resume');
    await made.stop(10);
  });

  it('looks at the log again when it is asked to', async () => {
    const made = await started();
    made.requestVerify();
    await settle();
    expect(calls.filter((call) => call === 'seek 5')).toHaveLength(2);
    await made.stop(10);
  });
});
