import type { SignalboxError } from '@signalbox/errors';
import { Lane, type LaneLimits, type LanePorts } from './lane.js';
import type { Outcome } from './outcome.js';
import { SendCall, type Item } from './send-call.js';

const to = { topic: 't', partition: 0 };
const written: Outcome = { kind: 'written' };
const tooLarge: Outcome = { kind: 'refused', scope: 'record', reason: 'MESSAGE_TOO_LARGE' };
const lostAnswer: Outcome = { kind: 'unavailable', ambiguous: true, reason: 'connection lost' };
const noLeader: Outcome = { kind: 'unavailable', ambiguous: false, reason: 'no leader' };
const unknown: Outcome = { kind: 'unknown_topic', reason: 'unknown' };

const valuesOf = (items: readonly Item[]): string[] => items.map(({ message }) => String(message.value));

/** A lane whose attempts are answered by a function; time passes only while it pauses. */
class Bench {
  readonly attempts: string[][] = [];
  readonly pauses: number[] = [];
  held = 0;
  inFlightMax = 0;
  answer: (values: string[]) => Outcome | Promise<Outcome> = () => written;
  private inFlight = 0;
  private nowMs = 0;
  private readonly lane: Lane;

  constructor(limits: Partial<LaneLimits> = {}) {
    const ports: LanePorts = {
      attempt: async (_, items) => {
        this.inFlight += 1;
        this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
        this.attempts.push(valuesOf(items));
        const outcome = await this.answer(valuesOf(items));
        this.inFlight -= 1;
        return outcome;
      },
      pause: async (ms) => {
        this.pauses.push(ms);
        this.nowMs += ms;
      },
      nowMs: () => this.nowMs,
      released: (items) => (this.held -= items.length),
    };
    this.lane = new Lane(
      to,
      { batchBytesMax: 1_000, batchRecordsMax: 100, unknownTopicMs: 1_000, ...limits },
      ports,
    );
  }

  call(...values: string[]): SendCall {
    const records = values.map((value) => ({ key: null, value: Buffer.from(value), headers: {} }));
    const call = new SendCall(to, records, 60_000, () => undefined);
    this.held += records.length;
    this.lane.push(call.items);
    return call;
  }

  /** How each call ended: `ok` or the error's code. */
  async ends(calls: readonly SendCall[]): Promise<string[]> {
    const settled = await Promise.allSettled(calls.map(({ result }) => result));
    return settled.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as SignalboxError).code));
  }
}

describe('Lane', () => {
  it('puts what waits into one batch, in order, one in flight', async () => {
    const bench = new Bench();
    const calls = [bench.call('a'), bench.call('b', 'c')];
    bench.answer = (values) => {
      if (values[0] === 'a') calls.push(bench.call('d'), bench.call('e'));
      return written;
    };
    await bench.ends(calls);
    await bench.ends(calls);
    expect(bench.attempts).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    expect(bench.inFlightMax).toBe(1);
    expect(bench.held).toBe(0);
  });

  it('bounds a batch by count and by bytes, but sends a single large record', async () => {
    const bench = new Bench({ batchRecordsMax: 2, batchBytesMax: 200 });
    const large = 'x'.repeat(500);
    await bench.ends([bench.call('1', '2', '3', large, 'y'.repeat(120), 'z'.repeat(120))]);
    expect(bench.attempts).toEqual([['1', '2'], ['3'], [large], ['y'.repeat(120)], ['z'.repeat(120)]]);
  });

  it('halves a refused batch until the bad record is alone, and keeps the order of the others', async () => {
    const bench = new Bench();
    bench.answer = (values) => (values.includes('bad') ? tooLarge : written);
    const calls = ['1', '2', '3', 'bad', '4', '5', '6'].map((value) => bench.call(value));
    expect(await bench.ends(calls)).toEqual(['ok', 'ok', 'ok', 'broker_refused', 'ok', 'ok', 'ok']);
    const accepted = bench.attempts.filter((values) => !values.includes('bad')).flat();
    expect(accepted).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('refuses a whole batch when the topic is at fault', async () => {
    const bench = new Bench();
    bench.answer = () => ({ kind: 'refused', scope: 'topic', reason: 'TOPIC_AUTHORIZATION_FAILED' });
    expect(await bench.ends([bench.call('a'), bench.call('b')])).toEqual([
      'broker_refused',
      'broker_refused',
    ]);
    expect(bench.attempts).toHaveLength(1);
  });

  it('tries again with growing pauses until it is written', async () => {
    const bench = new Bench();
    bench.answer = () => (bench.attempts.length < 8 ? lostAnswer : written);
    expect(await bench.ends([bench.call('a')])).toEqual(['ok']);
    expect(bench.pauses).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it('never says refused when an earlier attempt may have been written', async () => {
    const bench = new Bench();
    bench.answer = () => (bench.attempts.length === 1 ? lostAnswer : tooLarge);
    expect(await bench.ends([bench.call('a')])).toEqual(['broker_unavailable']);

    const clear = new Bench();
    clear.answer = () => (clear.attempts.length === 1 ? noLeader : tooLarge);
    expect(await clear.ends([clear.call('a')])).toEqual(['broker_refused']);
  });

  it('gives an unknown topic a while, counted anew after another error', async () => {
    const bench = new Bench({ unknownTopicMs: 1_000 });
    bench.answer = () => unknown;
    expect(await bench.ends([bench.call('a')])).toEqual(['broker_refused']);
    expect(bench.pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(1_000);

    const mixed = new Bench({ unknownTopicMs: 1_000 });
    mixed.answer = () =>
      mixed.attempts.length > 12 ? written : mixed.attempts.length % 2 ? unknown : noLeader;
    expect(await mixed.ends([mixed.call('a')])).toEqual(['ok']);
  });

  it('stops trying when all callers gave up, and drops what waits behind for them', async () => {
    const bench = new Bench();
    const calls: SendCall[] = [];
    bench.answer = () => {
      calls.push(bench.call('b'));
      calls.forEach((call) => call.unavailable('deadline'));
      return lostAnswer;
    };
    calls.push(bench.call('a'));
    await bench.ends(calls);
    expect(await bench.ends(calls)).toEqual(['broker_unavailable', 'broker_unavailable']);
    bench.answer = () => written;
    await bench.ends([bench.call('c')]);
    expect(bench.attempts).toEqual([['a'], ['c']]);
    expect(bench.held).toBe(0);
  });

  it('goes on for a caller who still waits, with the batch as it was', async () => {
    const bench = new Bench();
    const impatient = bench.call('a');
    const patient = bench.call('b');
    bench.answer = () => {
      impatient.unavailable('deadline');
      return bench.attempts.length < 3 ? lostAnswer : written;
    };
    expect(await bench.ends([impatient, patient])).toEqual(['broker_unavailable', 'ok']);
    expect(bench.attempts).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });
});
