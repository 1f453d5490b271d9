import { agent } from '../../test/agent.js';
import { KitBench, type BenchProcess } from '../../test/kit-bench.js';
import { SignalboxError } from '@signalbox/errors';
import { commitBatch, commitRow } from './commit-row.js';

describe('writing results', () => {
  let bench: KitBench;
  let process: BenchProcess;
  let cut: AbortController;
  beforeEach(() => {
    bench = new KitBench(agent);
    process = bench.process('one');
    cut = new AbortController();
  });
  const away = new SignalboxError('database_unavailable', 'away');

  it('goes on until the database has it, however long that is away', async () => {
    const answers = [away, away, away, undefined];
    let tries = 0;
    const write = () => {
      const error = answers[tries++];
      return error ? Promise.reject(error) : Promise.resolve(undefined);
    };
    await bench.inTime(commitRow(write, process.ports, cut.signal));
    expect(tries).toBe(4);
  });

  it('gives up what the database refuses twice', async () => {
    let tries = 0;
    const write = () => {
      tries += 1;
      return Promise.reject(new Error('bad data'));
    };
    const done = commitRow(write, process.ports, cut.signal);
    done.catch(() => undefined);
    await expect(bench.inTime(done)).rejects.toThrow('bad data');
    expect(tries).toBe(2);
  });

  it('ends with the process: what is not written then is another one’s', async () => {
    cut.abort();
    const write = () => Promise.reject(away);
    await expect(commitRow(write, process.ports, cut.signal)).rejects.toBe(away);
  });

  it('halves a batch until the bad one is alone, and tells of each', async () => {
    const written: string[][] = [];
    const committed: string[] = [];
    const refused: string[] = [];
    const batch = {
      items: ['a', 'b', 'bad', 'd', 'e'],
      write: (items: readonly string[]) => {
        if (items.includes('bad')) return Promise.reject(new Error('bad data'));
        written.push([...items]);
        return Promise.resolve(undefined);
      },
      onCommitted: (items: readonly string[]) => void committed.push(...items),
      onRefused: (item: string) => {
        refused.push(item);
        return Promise.resolve();
      },
    };
    await bench.inTime(commitBatch(batch, process.ports, cut.signal));
    expect(written).toEqual([
      ['a', 'b'],
      ['d', 'e'],
    ]);
    expect(committed).toEqual(['a', 'b', 'd', 'e']);
    expect(refused).toEqual(['bad']);
  });
});
