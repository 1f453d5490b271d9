import { encodeEvent, userSignedUp } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent, onSignUp, signUp } from '../../test/agent.js';
import { ClaimLostError } from '../chunk/chunk.js';
import type { IncomingRecord } from '../ports/records.js';
import { KeyMadeMeanwhileError } from '../ports/store.js';
import { createRegistry } from '../registry.js';
import type { ClaimedChunk } from './chunk-worker.js';
import { EventWorker } from './event-worker.js';
import type { RunnerPorts } from './ports.js';
import { Semaphore } from './semaphore.js';

const partition = { topic: userSignedUp.topic, partition: 0 };

function record(offset: bigint): IncomingRecord {
  const { value, headers } = encodeEvent({ ...signUp, event_id: `e${offset}` }, { key: 'k' });
  const bytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
  return { offset, timestampMs: 0, key: null, value, headers: bytes };
}

const chunk = (claimsUnchanged: number, offsets: readonly bigint[]): ClaimedChunk => ({
  partition,
  claim: { nextOffset: 5n, epoch: 1n, claimsUnchanged },
  from: 5n,
  taken: { records: offsets.map(record), next: (offsets.at(-1) ?? 5n) + 1n },
});

function setUp(marksBefore = 0, failure?: Error, before: Error[] = []) {
  const calls: string[] = [];
  const key = () => {
    calls.push('agent code');
    return 'k';
  };
  const definition = { ...agent, handlers: [{ ...onSignUp, key }] };
  const fence = (request: { expectedOffset: bigint; nextOffset: bigint }) => {
    calls.push(`chunk ${request.expectedOffset} to ${request.nextOffset}`);
    return Promise.reject(before.shift() ?? failure ?? new SignalboxError('internal', 'end of the test'));
  };
  const ports = {
    context: { agent: definition, registry: createRegistry(definition) },
    store: {
      begin: () => Promise.resolve({ fence, rollback: () => Promise.resolve() }),
      markSuspect: (_at: unknown, _epoch: bigint, offset: bigint) => {
        calls.push(`mark ${offset}`);
        return Promise.resolve(marksBefore + 1);
      },
      unmarkSuspect: (_at: unknown, offset: bigint) => {
        calls.push(`unmark ${offset}`);
        return Promise.resolve();
      },
    },
    acknowledged: { take: () => [], putBack: () => undefined },
    transactions: new Semaphore(1),
    suspects: new Semaphore(1),
  };
  const signals = { closing: new AbortController().signal, stopping: new AbortController().signal };
  const worker = new EventWorker(ports as unknown as RunnerPorts);
  return {
    calls,
    run: (one: ClaimedChunk) => worker.work(one, signals, () => undefined).catch(() => undefined),
  };
}

describe('EventWorker', () => {
  it('begins a chunk again at once when another transaction has made one of its keys', async () => {
    const { calls, run } = setUp(0, new ClaimLostError(partition), [
      new KeyMadeMeanwhileError(),
      new KeyMadeMeanwhileError(),
    ]);
    await run(chunk(1, [5n]));
    expect(calls).toEqual(['agent code', 'chunk 5 to 6', 'chunk 5 to 6', 'chunk 5 to 6']);
  });

  it('handles a chunk whole after a first claim', async () => {
    const { calls, run } = setUp();
    await run(chunk(1, [5n, 6n]));
    expect(calls.slice(0, 3)).toEqual(['agent code', 'agent code', 'chunk 5 to 7']);
  });

  it('marks a suspect before any code of the agent sees it, and takes the mark back when the process lives', async () => {
    const { calls, run } = setUp();
    await run(chunk(2, [5n, 6n]));
    expect(calls.slice(0, 3)).toEqual(['mark 5', 'agent code', 'chunk 5 to 6']);
    expect(calls.at(-1)).toBe('unmark 5');
    expect(calls).not.toContain('mark 6');
  });

  it('lets no code of the agent see an event that was marked three times', async () => {
    const { calls, run } = setUp(3);
    await run(chunk(2, [5n]));
    expect(calls).not.toContain('agent code');
    expect(calls).toContain('chunk 5 to 6');
  });

  it('suspects nothing far behind the place of the deaths', async () => {
    const { calls, run } = setUp();
    await run({ ...chunk(2, [505n]), from: 505n });
    expect(calls[0]).toBe('agent code');
  });
});
