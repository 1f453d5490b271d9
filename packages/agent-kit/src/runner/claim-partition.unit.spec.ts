import { emailRequested, userSignedUp } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent, mail, onSignUp } from '../../test/agent.js';
import { KitBench, input, type BenchProcess } from '../../test/kit-bench.js';
import { ClaimLostError } from '../chunk/chunk.js';
import { runChunk } from '../chunk/run-chunk.js';
import type { StartFrom } from '../handlers.js';
import { emit } from '../outputs.js';
import type { Claim } from '../ports/store.js';
import {
  claimPartition,
  lastRecordOf,
  publishForeign,
  recordHash,
  verifyPosition,
} from './claim-partition.js';

const { signal } = new AbortController();
const greeter = (startFrom: StartFrom = 'earliest') => ({
  ...agent,
  startFrom,
  handlers: [{ ...onSignUp, decide: () => [emit(emailRequested, mail('x'))] }],
});

describe('recordHash', () => {
  const record = { offset: 1n, timestampMs: 5, key: Buffer.from('k'), value: Buffer.from('v'), headers: {} };
  it.each([
    ['time', { timestampMs: 6 }],
    ['key', { key: Buffer.from('K') }],
    ['missing key', { key: null }],
    ['value', { value: Buffer.from('V') }],
    ['bytes that moved from key to value', { key: Buffer.from(''), value: Buffer.from('kv') }],
  ])('tells records apart by their %s', (_what, change) => {
    expect(recordHash({ ...record, ...change }).equals(recordHash(record))).toBe(false);
  });

  it('is 16 bytes, and the same for the same record wherever it stands', () => {
    expect(recordHash(record)).toHaveLength(16);
    expect(recordHash({ ...record, offset: 9n })).toEqual(recordHash(record));
    expect(lastRecordOf(record)).toEqual({ offset: 1n, timestampMs: 5, hash: recordHash(record) });
  });
});

describe('claimPartition', () => {
  /** A topic that holds three records, an hour apart. */
  function setUp(startFrom: StartFrom): { bench: KitBench; one: BenchProcess } {
    const bench = new KitBench(greeter(startFrom), { [userSignedUp.topic]: 2 });
    for (const user of ['ada', 'bob', 'cyd']) {
      bench.signUp(user);
      bench.clock.wakeNext(bench.clock.nowMs() + 3_600_000);
    }
    return { bench, one: bench.process('one') };
  }
  const noon = Date.UTC(2026, 3, 5, 12);

  it.each<[string, StartFrom, bigint]>([
    ['the start', 'earliest', 0n],
    ['the end', 'latest', 3n],
    ['a time', { time: new Date(noon + 1) }, 1n],
    ['a time of which nothing is there yet', { time: new Date(noon + 86_400_000) }, 3n],
  ])('begins a topic it has never read at %s', async (_what, startFrom, offset) => {
    const { one } = setUp(startFrom);
    expect(await claimPartition(input, one.ports, signal)).toMatchObject({
      nextOffset: offset,
      claimsUnchanged: 1,
    });
  });

  it('begins partitions that came later at their start, whatever it was told', async () => {
    const { bench, one } = setUp('latest');
    await claimPartition(input, one.ports, signal);
    bench.broker.createTopic(input.topic, 3);
    bench.write({ key: null, value: Buffer.from('x'), headers: {} }, { ...input, partition: 2 });
    expect(await claimPartition({ ...input, partition: 2 }, one.ports, signal)).toMatchObject({
      nextOffset: 0n,
    });
  });

  it('begins its own topics at their start', async () => {
    const bench = new KitBench(greeter('latest'));
    const own = { topic: 'greeter.retry.5s', partition: 0 };
    bench.write({ key: null, value: Buffer.from('x'), headers: {} }, own);
    expect(await claimPartition(own, bench.process('one').ports, signal)).toMatchObject({ nextOffset: 0n });
  });

  it('goes on where the progress is, under an epoch of its own', async () => {
    const { bench, one } = setUp('earliest');
    const first = await claimPartition(input, one.ports, signal);
    await one.ports.store.reposition(input, first.epoch, 2n);
    const second = await claimPartition(input, bench.process('two').ports, signal);
    expect(second).toMatchObject({ nextOffset: 2n, epoch: first.epoch + 1n });
  });

  it('publishes what the owner before has left unpublished, and deletes it', async () => {
    const { bench, one } = setUp('earliest');
    const claim = await claimPartition(input, one.ports, signal);
    await runChunk(one.ports.store, one.ports.context, one.chunk(claim), [], one.ports.publisher);
    expect(bench.broker.recordsOf(emailRequested.topic)).toEqual([]);
    await claimPartition(input, bench.process('two').ports, signal);
    expect(bench.broker.recordsOf(emailRequested.topic)).toHaveLength(3);
    expect(bench.database.tables.outbox.rows.size).toBe(0);
  });

  it('does not wait for a broker that takes nothing once it is told to let go', async () => {
    const { bench, one } = setUp('earliest');
    const claim = await claimPartition(input, one.ports, signal);
    await runChunk(one.ports.store, one.ports.context, one.chunk(claim), [], one.ports.publisher);
    const two = bench.process('two');
    two.refuse = () => new SignalboxError('broker_unavailable', 'away');
    const closing = new AbortController();
    const claiming = claimPartition(input, two.ports, closing.signal);
    closing.abort(new Error('let go'));
    await expect(claiming).rejects.toThrow('let go');
    expect(bench.database.tables.outbox.rows.size).toBe(2);
    two.ports.publisher.stop();
  });
});

describe('verifyPosition', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let claim: Claim;
  beforeEach(async () => {
    bench = new KitBench(greeter());
    one = bench.process('one');
    bench.signUp('ada', 'bob', 'cyd', 'dee');
    const begun = await one.claim();
    const chunk = one.chunk(begun);
    const last = chunk.items[2]?.record;
    await runChunk(
      one.ports.store,
      one.ports.context,
      { ...chunk, next: 3n, items: chunk.items.slice(0, 3), ...(last ? { last: lastRecordOf(last) } : {}) },
      [],
      one.ports.publisher,
    );
    claim = (await one.ports.store.claim(input)) as Claim;
  });
  const verified = () => verifyPosition(input, claim, one.ports);

  it('leaves a claim alone that fits its log', async () => {
    expect(await verified()).toBeUndefined();
    expect(one.said).toEqual([]);
  });

  it.each<[string, (users: KitBench) => void, bigint, string]>([
    ['is shorter than the progress', (made) => made.broker.recreateTopic(input.topic), 0n, 'made anew'],
    [
      'holds another record where the last one was',
      (made) => {
        made.broker.recreateTopic(input.topic);
        made.signUp('eve', 'fay', 'gus', 'hal');
      },
      0n,
      'made anew',
    ],
    ['was trimmed before it was read', (made) => made.broker.trim(input, 4n), 4n, 'trimmed'],
  ])('says so when the log %s, and goes on', async (_what, change, offset, said) => {
    change(bench);
    expect(await verified()).toMatchObject({ nextOffset: offset, epoch: claim.epoch });
    expect(bench.progress).toBe(offset);
    expect(one.said).toHaveLength(1);
    expect(one.said[0]).toContain(said);
  });

  it.each<[string, (made: KitBench) => void]>([
    ['was handled and expired', (made) => made.broker.trim(input, 3n)],
    [
      'was compacted away',
      (made) => {
        const log = made.broker.log(input);
        log.records = log.records.filter(({ offset }) => offset !== 2n);
      },
    ],
  ])('takes a last record that %s for no other topic', async (_what, change) => {
    change(bench);
    expect(await verified()).toBeUndefined();
    expect(bench.progress).toBe(3n);
  });

  it('moves nothing when the claim was lost meanwhile', async () => {
    bench.broker.recreateTopic(input.topic);
    await bench.process('two').ports.store.claim(input);
    await expect(verified()).rejects.toBeInstanceOf(ClaimLostError);
    expect(bench.progress).toBe(3n);
  });

  it('takes a partition of which nothing is known for an outage, not for an empty log', async () => {
    const missing = {
      ...one.ports,
      inspector: { ...one.ports.inspector, offsets: () => Promise.resolve(new Map()) },
    };
    await expect(verifyPosition(input, claim, missing as never)).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
  });
});

describe('publishForeign', () => {
  it('asks nothing where nothing was left behind', async () => {
    const { ports, calls } = new KitBench(greeter()).process('one');
    await publishForeign([], ports);
    expect(calls).toEqual([]);
  });
});
