import type { TopicPartition } from '@signalbox/agent-kit';
import type { Outcome } from './outcome.js';
import { SendCall, type Item } from './send-call.js';
import { SharedRequests, type Parcel } from './shared-requests.js';

const written: Outcome = { kind: 'written' };
const noLeader: Outcome = { kind: 'unavailable', ambiguous: true, reason: 'connection lost' };
const tooLarge: Outcome = { kind: 'refused', scope: 'record', reason: 'MESSAGE_TOO_LARGE' };

const place = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
const at = (partition: number, topic = 't'): TopicPartition => ({ topic, partition });

function itemsOf(to: TopicPartition, bytes = 10): readonly Item[] {
  const call = new SendCall(
    to,
    [{ key: null, value: Buffer.alloc(bytes), headers: {} }],
    60_000,
    () => undefined,
  );
  // Nobody waits for the call itself here; settled, it holds no timer.
  call.acknowledge();
  return call.items;
}

/** Requests are answered by a function; partitions 10 and above are led by broker 1, those from 100 on by nobody known. */
class Bench {
  readonly requests: string[][] = [];
  answer: (parcels: readonly Parcel[]) => Outcome = () => written;
  private readonly shared = new SharedRequests({
    attempt: (parcels) => {
      this.requests.push(parcels.map(({ to }) => place(to)));
      return Promise.resolve(this.answer(parcels));
    },
    leaderOf: ({ partition }) => (partition >= 100 ? undefined : partition >= 10 ? 1 : 0),
  });

  async send(...to: readonly TopicPartition[]): Promise<string[]> {
    return (await this.outcomes(...to)).map(({ kind }) => kind);
  }

  outcomes(...to: readonly TopicPartition[]): Promise<Outcome[]> {
    return Promise.all(to.map((one) => this.shared.attempt(one, itemsOf(one))));
  }

  sendBytes(bytes: number, ...to: readonly TopicPartition[]): Promise<Outcome[]> {
    return Promise.all(to.map((one) => this.shared.attempt(one, itemsOf(one, bytes))));
  }
}

describe('SharedRequests', () => {
  it('puts what is ready in one turn into one request for each leader, in order', async () => {
    const bench = new Bench();
    expect(await bench.send(at(0), at(10), at(1), at(0, 'u'), at(11))).toEqual(Array(5).fill('written'));
    expect(bench.requests).toEqual([
      ['t/0', 't/1', 'u/0'],
      ['t/10', 't/11'],
    ]);
  });

  it('sends a partition without a known leader alone', async () => {
    const bench = new Bench();
    await bench.send(at(0), at(100), at(1));
    expect(bench.requests).toEqual([['t/100'], ['t/0', 't/1']]);
  });

  it('keeps requests below 4 MiB, and sends a larger parcel all the same', async () => {
    const bench = new Bench();
    await bench.sendBytes(1_500_000, at(0), at(1), at(2), at(3));
    await bench.sendBytes(5_000_000, at(0), at(1));
    expect(bench.requests).toEqual([['t/0', 't/1'], ['t/2', 't/3'], ['t/0'], ['t/1']]);
  });

  it('does not make a request wait for the answer to another', async () => {
    const bench = new Bench();
    await Promise.all([bench.send(at(0)), Promise.resolve().then(() => bench.send(at(1)))]);
    expect(bench.requests.flat()).toEqual(['t/0', 't/1']);
  });

  it('tells everybody of a request that failed, and then sends each alone until it was written', async () => {
    const bench = new Bench();
    bench.answer = () => noLeader;
    expect(await bench.outcomes(at(0), at(1))).toEqual([noLeader, noLeader]);
    bench.answer = ([first]) => (first?.to.partition === 1 ? noLeader : written);
    expect(await bench.send(at(0), at(1))).toEqual(['written', 'unavailable']);
    expect(await bench.send(at(0), at(1), at(2))).toEqual(['written', 'unavailable', 'written']);
    bench.answer = () => written;
    expect(await bench.send(at(1))).toEqual(['written']);
    expect(await bench.send(at(0), at(1), at(2))).toEqual(Array(3).fill('written'));
    expect(bench.requests).toEqual([
      ['t/0', 't/1'],
      ['t/0'],
      ['t/1'],
      ['t/1'],
      ['t/0', 't/2'],
      ['t/1'],
      ['t/0', 't/1', 't/2'],
    ]);
  });

  it('finds out at once which partition was refused', async () => {
    const bench = new Bench();
    bench.answer = (parcels) => (parcels.some(({ to }) => to.partition === 1) ? tooLarge : written);
    expect(await bench.outcomes(at(0), at(1), at(2))).toEqual([written, tooLarge, written]);
    expect(bench.requests).toEqual([['t/0', 't/1', 't/2'], ['t/0'], ['t/1'], ['t/2']]);
  });
});
