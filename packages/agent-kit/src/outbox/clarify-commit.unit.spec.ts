import { emailRequested } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent } from '../../test/agent.js';
import { KitBench, settle, type BenchProcess } from '../../test/kit-bench.js';
import { CommitUnknownError } from '../ports/store.js';
import { clarifyCommit } from './clarify-commit.js';
import { UnclearCommitError } from './commit-in-order.js';

const { topic } = emailRequested;
const row = (id: bigint, value: string) => ({
  id,
  topic,
  partition: 0,
  records: [{ key: null, value: Buffer.from(value), headers: {} }],
});

describe('clarifyCommit', () => {
  let bench: KitBench;
  let process: BenchProcess;
  let unclear: UnclearCommitError;
  beforeEach(() => {
    bench = new KitBench(agent);
    process = bench.process('a');
    const reserved = process.ports.publisher.reserve([row(1n, 'first'), row(2n, 'second')]);
    unclear = new UnclearCommitError(reserved, new CommitUnknownError(new Error('cut')));
    // Another transaction of this process has committed since.
    process.ports.publisher.publish([row(3n, 'later')]).catch(() => undefined); // when it is stopped
  });
  const sent = (): string[] => bench.broker.recordsOf(topic).map(({ value }) => String(value));

  it.each([
    ['sends the rows before what stands behind them', [1n, 2n], ['first', 'second', 'later']],
    ['sends only those that are still stored', [2n], ['second', 'later']],
    ['gives the places up when it was undone', [], ['later']],
  ])('%s', async (_what, rows, wanted) => {
    await settle();
    expect(sent()).toEqual([]);
    const { outcome, published } = await clarifyCommit(
      unclear,
      async () => ({ outcome: 'known', rows }),
      process.ports,
    );
    await published;
    await settle();
    expect(outcome).toBe('known');
    expect(sent()).toEqual(wanted);
    expect(process.ports.acknowledged.waiting).toEqual(rows);
  });

  it('asks as often as it takes while the database is away', async () => {
    let asked = 0;
    let troubles = 0;
    const ask = async () => {
      asked += 1;
      if (asked < 4) throw new SignalboxError('database_unavailable', 'away');
      return { outcome: 'undone', rows: [] };
    };
    await bench.inTime(clarifyCommit(unclear, ask, process.ports, () => (troubles += 1)));
    expect([asked, troubles]).toEqual([4, 3]);
  });

  it.each([
    ['an error that waiting does not cure', () => new TypeError('a bug'), false],
    ['the end of the publisher', () => new SignalboxError('database_unavailable', 'away'), true],
  ])('gives the places up on %s, so that nothing waits for ever', async (_what, error, isStopped) => {
    if (isStopped) process.ports.publisher.stop();
    const failure = error();
    await expect(clarifyCommit(unclear, () => Promise.reject(failure), process.ports)).rejects.toBe(failure);
    await settle();
    expect(sent()).toEqual(isStopped ? [] : ['later']);
    expect(process.ports.publisher.inFlight).toEqual([]);
  });
});
