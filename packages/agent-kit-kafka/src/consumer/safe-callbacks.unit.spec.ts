import type { ConsumerCallbacks, FetchedBatch } from '@signalbox/agent-kit';
import { SafeCallbacks } from './safe-callbacks.js';

const batch = { topic: 't', partition: 0 } as FetchedBatch;

function throwing(what: unknown) {
  const crashes: Error[] = [];
  const fail = () => {
    throw what;
  };
  const callbacks: ConsumerCallbacks = {
    onAssigned: fail,
    onRevoked: fail,
    onBatch: fail,
    onFetch: fail,
    onPositionLost: fail,
    onCrash: (error) => crashes.push(error),
  };
  return { crashes, callbacks, safe: new SafeCallbacks(callbacks) };
}

describe('SafeCallbacks', () => {
  it('lets nothing through and reports each throw as a crash', async () => {
    const { crashes, safe } = throwing(new TypeError('bug'));
    safe.onAssigned([]);
    await safe.onRevoked();
    expect(safe.onBatch(batch)).toBe(false);
    safe.onFetch([]);
    safe.onPositionLost(batch);
    expect(crashes.map(({ message }) => message)).toEqual(new Array(5).fill('bug'));
  });

  it('makes an error of what is none, and survives a throwing onCrash', () => {
    const { crashes, callbacks, safe } = throwing('just text');
    safe.onBatch(batch);
    expect(crashes[0]).toEqual(new Error('just text'));
    callbacks.onCrash = () => {
      throw new Error('even that');
    };
    expect(() => safe.onBatch(batch)).not.toThrow();
  });

  it('passes on what does not throw', () => {
    const seen: FetchedBatch[] = [];
    const { callbacks } = throwing('unused');
    const safe = new SafeCallbacks({
      ...callbacks,
      onBatch: (one) => seen.push(one),
      onFetch: undefined as never,
    });
    expect(safe.onBatch(batch)).toBe(true);
    safe.onFetch([]);
    expect(seen).toEqual([batch]);
  });
});
