import { emailRequested } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent, counter, mail, onSignUp } from '../../test/agent.js';
import { KitBench, input, settle, type BenchProcess } from '../../test/kit-bench.js';
import { ClaimLostError } from '../chunk/chunk.js';
import { emit, setState } from '../outputs.js';
import type { Claim } from '../ports/store.js';
import { bringThrough } from './chunk-loop.js';

const greeter = {
  ...agent,
  handlers: [
    {
      ...onSignUp,
      decide: ({ event }: { event: { data: unknown } }) => [
        setState({ total: 1 }),
        emit(emailRequested, mail((event.data as { user_id: string }).user_id)),
      ],
    },
  ],
};
const away = () => new SignalboxError('database_unavailable', 'away');

describe('bringThrough', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let claim: Claim;
  let stopping: AbortController;
  let published: Promise<void>[];
  let troubles: number;
  beforeEach(async () => {
    bench = new KitBench(greeter as never);
    one = bench.process('one');
    bench.signUp('ada', 'bob', 'cyd', 'dee');
    claim = await one.claim();
    stopping = new AbortController();
    published = [];
    troubles = 0;
  });
  const bring = (process = one) =>
    bench.inTime(
      bringThrough(
        process.chunk(claim),
        process.ports,
        { closing: stopping.signal, stopping: stopping.signal, onTrouble: () => (troubles += 1) },
        (done) => published.push(done),
      ),
    );
  const mailed = async (): Promise<string[]> => {
    await Promise.all(published);
    return bench
      .events(emailRequested.topic)
      .map(({ data }) => (data as { recipient_id: string }).recipient_id);
  };
  const letters = () =>
    [...bench.database.tables.deadLetters.rows.values()].map(
      ({ eventId, errorCode }) => `${eventId} ${errorCode}`,
    );

  it('brings a chunk through, and its records out', async () => {
    await bring();
    expect(await mailed()).toEqual(['ada', 'bob', 'cyd', 'dee']);
    expect([bench.progress, troubles]).toEqual([4n, 0]);
  });

  it.each(['store.begin', 'tx.fence', 'tx.takeResponsibility', 'tx.lockKeys', 'tx.write', 'tx.commit'])(
    'tries the same chunk again when the database is away at %s',
    async (point) => {
      one.fail(point, 'lost_request', 'lost_request', 'lost_request');
      await bring();
      expect(await mailed()).toEqual(['ada', 'bob', 'cyd', 'dee']);
      expect(bench.progress).toBe(4n);
      expect(one.said.length).toBeLessThanOrEqual(1);
      expect(letters()).toEqual([]);
    },
  );

  it.each<[string, 'lost_request' | 'lost_answer']>([
    ['was undone', 'lost_request'],
    ['has happened', 'lost_answer'],
  ])(
    'finds out that a COMMIT without an answer %s, however long the database is away',
    async (_what, fault) => {
      one.fail('tx.commit', fault);
      one.fail('store.confirm', away(), away(), 'lost_request');
      await bring();
      expect(await mailed()).toEqual(['ada', 'bob', 'cyd', 'dee']);
      expect(troubles).toBe(3);
      expect([...bench.database.tables.keys.rows.values()].map(({ state }) => state)).toEqual(
        Array(4).fill('{"total":1}'),
      );
    },
  );

  it.each<[string, 'lost_request' | 'lost_answer', readonly string[]]>([
    ['nothing where it was undone', 'lost_request', []],
    ['what it had committed', 'lost_answer', ['ada', 'bob', 'cyd', 'dee']],
  ])('publishes %s when the partition was taken meanwhile', async (_what, fault, wanted) => {
    one.fail('tx.commit', fault);
    one.fail('store.confirm', () => bench.process('two').ports.store.claim(input));
    await expect(bring()).rejects.toBeInstanceOf(ClaimLostError);
    expect(await mailed()).toEqual(wanted);
    expect(one.ports.publisher.inFlight).toEqual([]);
  });

  it('publishes nothing that the new owner has published and deleted', async () => {
    one.fail('tx.commit', 'lost_answer');
    one.fail('store.confirm', async () => {
      const two = bench.process('two');
      await two.ports.store.claim(input);
      await two.ports.store.deleteOutbox([...bench.database.tables.outbox.rows.values()].map(({ id }) => id));
    });
    await expect(bring()).rejects.toBeInstanceOf(ClaimLostError);
    expect(await mailed()).toEqual([]);
  });

  it('goes on asking for the lanes’ sake when nobody waits any more', async () => {
    one.fail('tx.commit', 'lost_answer');
    one.fail('store.confirm', away(), away());
    const gone = bring().catch((error: unknown) => error);
    await settle();
    stopping.abort(new Error('time is up'));
    expect(await gone).toMatchObject({ message: 'time is up' });
    await bench.inTime(
      one.ports.publisher.publish([{ ...input, topic: emailRequested.topic, id: 999n, records: [] }]),
    );
    expect(await mailed()).toEqual(['ada', 'bob', 'cyd', 'dee']);
  });

  it('publishes first what another process has left unpublished for one of its keys', async () => {
    await bring();
    expect(published).toHaveLength(1);
    one.refuse = () => new SignalboxError('broker_unavailable', 'away');
    bench.signUp('ada');
    claim = { ...claim, nextOffset: 4n };
    await bring();
    bench.signUp('ada');
    const two = bench.process('two');
    claim = (await two.ports.store.claim(input)) as Claim;
    await bring(two);
    one.ports.publisher.stop();
    const sent = (await mailed()).filter((who) => who === 'ada');
    expect(sent).toHaveLength(3);
    expect(two.calls.filter((call) => call === 'tx.fence')).toHaveLength(2);
  });

  it('halves a chunk that the database refuses until the bad event is alone: a dead letter of its own', async () => {
    const begin = one.ports.store.begin.bind(one.ports.store);
    const refusing = async () => {
      const tx = await begin();
      const write: typeof tx.write = async (writes) => {
        if (writes.keys.some(({ value, changed }) => value === 'cyd' && changed))
          throw new Error('22P05: bad text');
        return tx.write(writes);
      };
      return new Proxy(tx, {
        get: (of, name) => (name === 'write' ? write : (Reflect.get(of, name) as unknown)),
      });
    };
    const store = new Proxy(one.ports.store, {
      get: (of, name) => (name === 'begin' ? refusing : (Reflect.get(of, name) as unknown)),
    });
    const chunk = one.chunk(claim);
    const signals = { closing: stopping.signal, stopping: stopping.signal };
    await bench.inTime(bringThrough(chunk, { ...one.ports, store }, signals, (done) => published.push(done)));
    expect((await mailed()).sort()).toEqual(['ada', 'bob', 'dee']);
    expect(letters()).toEqual(['evt-2 output_invalid']);
    expect(bench.progress).toBe(4n);
    expect(
      bench.database.tables.keys.rows.get(`counter\n${counter.key('cyd').value}`)?.state ?? null,
    ).toBeNull();
  });

  it('keeps the acknowledged rows of a transaction that failed for the next', async () => {
    one.ports.acknowledged.add([41n]);
    one.fail('tx.write', away());
    const run = bringThrough(
      one.chunk(claim),
      one.ports,
      { closing: stopping.signal, stopping: stopping.signal },
      () => undefined,
    );
    await settle();
    expect(one.ports.acknowledged.waiting).toEqual([41n]);
    await bench.inTime(run);
    expect(one.ports.acknowledged.waiting).not.toContain(41n);
  });

  it('gives up when it is told to, and when the partition is another’s', async () => {
    one.fail('store.begin', ...Array.from({ length: 50 }, away));
    const stopped = bring().catch((error: unknown) => error);
    await settle();
    stopping.abort(new Error('time is up'));
    expect(await stopped).toMatchObject({ message: 'time is up' });
    one.fail('store.begin');
    await bench.process('two').ports.store.claim(input);
    await expect(bring()).rejects.toBeInstanceOf(ClaimLostError);
    expect(published).toEqual([]);
  });
});
