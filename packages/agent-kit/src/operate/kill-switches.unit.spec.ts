import type { ControlState } from './operator-store.js';
import { KillSwitches } from './kill-switches.js';

const on = { by: 'ann', why: 'wrong mails', since: new Date(0) };

/** Switches on a store whose answers the test sets. */
function switches(effectsPerHourMax?: number) {
  const world: { state: ControlState; begun: number } = {
    state: { paused: null, effectsHeld: null },
    begun: 0,
  };
  const store = {
    control: () => Promise.resolve(world.state),
    actsStartedWithin: () => Promise.resolve(world.begun),
  };
  return { world, made: new KillSwitches(store, effectsPerHourMax) };
}

describe('the kill switches', () => {
  it('tell when one of them changed, and not else', async () => {
    const { world, made } = switches();
    expect(await made.refresh()).toBe(false);
    world.state = { paused: on, effectsHeld: null };
    expect(await made.refresh()).toBe(true);
    expect([made.isPaused, made.areEffectsHeld]).toEqual([true, false]);
    expect(await made.refresh()).toBe(false);
    world.state = { paused: null, effectsHeld: on };
    expect(await made.refresh()).toBe(true);
    expect([made.isPaused, made.areEffectsHeld]).toEqual([false, true]);
  });

  it('stay as they were while the database is away', async () => {
    const { world, made } = switches();
    world.state = { paused: on, effectsHeld: null };
    await made.refresh();
    Object.defineProperty(world, 'state', {
      get: () => {
        throw new Error('away');
      },
    });
    await expect(made.refresh).rejects.toThrow();
    expect(made.isPaused).toBe(true);
  });

  it('let those wait who come while paused, until resumed or told to end', async () => {
    const { world, made } = switches();
    const closing = new AbortController();
    await made.untilResumed(closing.signal);
    world.state = { paused: on, effectsHeld: null };
    await made.refresh();
    const order: string[] = [];
    const first = made.untilResumed(closing.signal).then(() => order.push('ended'));
    const second = made.untilResumed(new AbortController().signal).then(() => order.push('resumed'));
    closing.abort();
    await first;
    expect(order).toEqual(['ended']);
    world.state = { paused: null, effectsHeld: null };
    await made.refresh();
    await second;
    expect(order).toEqual(['ended', 'resumed']);
  });

  it('open nothing while paused, and no jobs while effects are held', async () => {
    const { world, made } = switches();
    expect(await made.open(['job', 'timer'], 8)).toEqual({ kinds: ['job', 'timer'], limit: 8 });
    world.state = { paused: null, effectsHeld: on };
    await made.refresh();
    expect(await made.open(['job', 'timer'], 8)).toEqual({ kinds: ['timer'], limit: 8 });
    world.state = { paused: on, effectsHeld: null };
    await made.refresh();
    expect((await made.open(['job', 'timer'], 8)).kinds).toEqual([]);
  });

  it('let no more acts begin in an hour than the cap', async () => {
    const { world, made } = switches(10);
    world.begun = 4;
    expect(await made.open(['job'], 32)).toEqual({ kinds: ['job'], limit: 6 });
    world.begun = 10;
    expect((await made.open(['job', 'retry'], 32)).kinds).toEqual(['retry']);
    expect(await made.open(['retry'], 32)).toEqual({ kinds: ['retry'], limit: 32 });
  });

  it('are off where there is no store', async () => {
    const made = new KillSwitches(undefined, 1);
    expect(await made.refresh()).toBe(false);
    expect(await made.open(['job'], 8)).toEqual({ kinds: ['job'], limit: 8 });
  });
});
