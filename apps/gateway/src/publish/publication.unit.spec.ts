import { SignalboxError } from '@signalbox/errors';
import { Tracker, type Publication } from './publication.js';

/** What has come of a publication once all that is ready has run. */
async function stateOf({ acknowledged, settled }: Publication): Promise<string[]> {
  const seen: string[] = [];
  acknowledged.then(
    () => seen.push('acknowledged'),
    (error: SignalboxError) => seen.push(`${error.code}: ${error.message}`),
  );
  void settled.then(() => seen.push('settled'));
  await new Promise(setImmediate);
  return seen;
}

describe('Tracker', () => {
  it('is acknowledged when the last of its records is', async () => {
    const tracker = new Tracker(2);
    tracker.done();
    expect(await stateOf(tracker)).toEqual([]);
    tracker.done();
    expect(await stateOf(tracker)).toEqual(['acknowledged', 'settled']);
  });

  it('fails with the first failure, once nothing is on its way any more', async () => {
    const tracker = new Tracker(3);
    tracker.done(new SignalboxError('broker_refused', 'No room.'));
    tracker.done(new SignalboxError('internal', 'Something else.'));
    expect(await stateOf(tracker)).toEqual([]);
    tracker.done();
    expect(await stateOf(tracker)).toEqual(['broker_unavailable: No room.', 'settled']);
  });

  it('says nothing of failures of other kinds to the sender', async () => {
    const tracker = new Tracker(1);
    tracker.done(new TypeError('x is undefined'));
    expect(await stateOf(tracker)).toEqual(['broker_unavailable: Kafka did not take the record.', 'settled']);
  });

  it('fails at the deadline, and is settled only when its records are', async () => {
    const tracker = new Tracker(1);
    tracker.expire(5_000);
    expect(await stateOf(tracker)).toEqual(['broker_unavailable: Kafka did not acknowledge within 5000 ms.']);
    tracker.done();
    expect(await stateOf(tracker)).toContain('settled');
  });

  it('has nothing to wait for without records', async () => {
    expect(await stateOf(new Tracker(0))).toEqual(['acknowledged', 'settled']);
  });
});
