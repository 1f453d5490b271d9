import { CommitUnknownError } from '@signalbox/agent-kit';
import { MemoryDatabase } from '../memory/memory-database.js';
import { MemoryStore } from '../memory/memory-store.js';
import { SeededRandom } from '../memory/seeded-random.js';
import { VirtualClock } from '../memory/virtual-clock.js';
import { lostCall, undo } from './call-fault.js';
import { everyCommitTwice } from './every-commit-twice.js';
import { gatedStore, type Gate } from './gate.js';
import { countCalls, oneFault } from './one-fault.js';
import { repeatingProducer } from './repeating-producer.js';

const call = (point: string, target: object = {}, ...args: unknown[]) => ({
  agent: 'a',
  point,
  target,
  args,
});

describe('a gate', () => {
  it('passes every call of a store and of its transactions, with what it is made on and with', async () => {
    const points: [string, unknown[]][] = [];
    const gate: Gate = {
      pass: async (point, run, _target, args) => {
        points.push([point, [...args]]);
        return run();
      },
    };
    const database = new MemoryDatabase(new VirtualClock(), new SeededRandom(1));
    const store = gatedStore(new MemoryStore(database, 'me'), gate);
    const tx = await store.begin();
    await tx.readKeys([]);
    await tx.rollback();
    await store.claim({ topic: 't', partition: 0 });
    expect(points).toEqual([
      ['store.begin', []],
      ['tx.readKeys', [[]]],
      ['tx.rollback', []],
      ['store.claim', [{ topic: 't', partition: 0 }]],
    ]);
  });
});

describe('faults', () => {
  it('lose a call the way its port loses one', () => {
    expect(lostCall('tx.commit')).toBeInstanceOf(CommitUnknownError);
    expect(lostCall('tx.write')).toMatchObject({ code: 'database_unavailable' });
    expect(lostCall('store.now')).toMatchObject({ code: 'database_unavailable' });
    expect(lostCall('producer.send')).toMatchObject({ code: 'broker_unavailable' });
  });

  it('undo a transaction, and nothing else', async () => {
    let rollbacks = 0;
    await undo({ rollback: async () => (rollbacks += 1) });
    await undo({});
    expect(rollbacks).toBe(1);
  });

  it('strike one call of a point, the one that was named', () => {
    const faults = oneFault('tx.commit', 2, 'crash_after');
    const points = ['tx.commit', 'tx.write', 'tx.commit', 'tx.commit'];
    expect(points.map((point) => faults(call(point)))).toEqual([
      undefined,
      undefined,
      'crash_after',
      undefined,
    ]);
  });

  it('count the calls that can fail', () => {
    const counts = new Map<string, number>();
    const faults = countCalls(counts);
    for (const point of ['tx.commit', 'tx.rollback', 'tx.commit', 'store.onPending']) faults(call(point));
    expect([...counts]).toEqual([['tx.commit', 2]]);
  });

  it('lose the first commit of each unit of work, and the answer to its second', () => {
    const faults = everyCommitTwice();
    const commit = (fence: object): unknown => {
      const tx = {};
      faults(call('tx.fence', tx, fence));
      return faults(call('tx.commit', tx));
    };
    const chunk = { topic: 't', partition: 0, expectedOffset: 5n };
    expect([
      commit({ ...chunk, epoch: 1n }),
      commit({ ...chunk, epoch: 2n }),
      commit({ ...chunk, epoch: 3n }),
    ]).toEqual(['lost_request', 'lost_answer', undefined]);
    expect(commit({ ...chunk, expectedOffset: 6n, epoch: 1n })).toBe('lost_request');
    expect(faults(call('tx.commit', {}))).toBeUndefined();
  });

  it('write every record twice', async () => {
    const sent: unknown[] = [];
    const producer = { send: async (...request: unknown[]) => void sent.push(request), inFlight: 3 };
    const twice = repeatingProducer(producer as never);
    await twice.send({ topic: 't', partition: 0 }, []);
    expect([sent.length, twice.inFlight]).toEqual([2, 3]);
  });
});
