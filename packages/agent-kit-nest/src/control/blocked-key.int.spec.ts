import { eventually } from '@signalbox/test-kit';
import { OperatedAgent, broken } from '../../test/operated-agent.js';

describe('a blocked key', () => {
  let world: OperatedAgent;
  beforeAll(async () => {
    world = await OperatedAgent.open();
  });
  afterAll(() => world.close());

  it('takes a redriven event in its old place, and is released by a person', async () => {
    broken.set('lost', 'fatal');
    broken.set('stuck', 'again');
    await world.use('order', 'stuck', 1);
    await world.untilQueue('order', 1);
    await world.use('order', 'lost', 2);
    await world.use('order', 'fine', 3);
    await world.untilQueue('order', 3);
    broken.delete('stuck');
    broken.set('fine', 'again');
    expect((await world.control('/keys/release', { kind: 'seen', value: 'order', by: 'ann' })).status).toBe(
      200,
    );
    // 1 is handled, 2 dead, 3 fails and waits an hour; 4 waits behind it.
    const [letter] = await world.untilLetters('order', 1);
    await world.untilQueue('order', 1);
    await world.use('order', 'late', 4);
    await world.untilQueue('order', 2);
    broken.delete('lost');
    broken.delete('fine');
    expect((await world.control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
    expect(await world.queueOf('order')).toEqual([
      { kind: 'redrive', has_time: false },
      { kind: 'retry', has_time: true },
      { kind: 'parked', has_time: false },
    ]);
    const { keys } = (await world.control('/keys')).body as unknown as { keys: object[] };
    expect(keys).toContainEqual(
      expect.objectContaining({ kind: 'seen', value: 'order', waiting: 3, waits_for_person: false }),
    );
    expect((await world.control('/keys/release', { kind: 'seen', value: 'order', by: 'ann' })).status).toBe(
      200,
    );
    const wanted = ['1', '1,2', '1,2,3', '1,2,3,4'];
    expect(await world.untilPlans('order', wanted)).toEqual(wanted);
    expect((await world.control('/keys/release', { kind: 'seen', value: 'order', by: 'ann' })).status).toBe(
      404,
    );
  });

  it('has one row that runs by itself after the redriven event before it fails again', async () => {
    broken.set('front', 'again');
    broken.set('behind', 'again');
    await world.use('invariant', 'front', 1);
    await world.untilQueue('invariant', 1);
    expect(
      await world.control('/keys/drop', {
        kind: 'seen',
        value: 'invariant',
        which: 'head',
        by: 'ann',
        why: 'test',
      }),
    ).toMatchObject({ status: 200, body: { dropped: 1 } });
    await world.pool.query(`UPDATE sb_dead_letter SET status = 'open' WHERE key_value = 'invariant'`);
    await world.use('invariant', 'behind', 2);
    await world.untilQueue('invariant', 1);
    const [letter] = await world.lettersOf('invariant');
    expect((await world.control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
    // The row behind becomes due, as after its hour: the redriven one runs first, fails and is the head.
    await world.pool.query(
      `UPDATE sb_pending SET claim_at = sb_now(), due_at = sb_now() WHERE key_value = 'invariant' AND kind = 'retry'`,
    );
    await eventually(
      () => world.queueOf('invariant'),
      (rows) => rows[0]?.has_time === true && rows[1]?.has_time === false,
      'the redriven event at the head',
    );
    expect(await world.queueOf('invariant')).toHaveLength(2);
  });

  it('is emptied by a person: all that waits is kept as discarded', async () => {
    broken.set('hopeless', 'again');
    await world.use('drop', 'hopeless', 1);
    await world.untilQueue('drop', 1);
    await world.use('drop', 'any', 2);
    await world.untilQueue('drop', 2);
    expect(
      await world.control('/keys/drop', {
        kind: 'seen',
        value: 'drop',
        which: 'all',
        by: 'ann',
        why: 'gone',
      }),
    ).toMatchObject({ status: 200, body: { dropped: 2 } });
    expect((await world.lettersOf('drop')).map(({ status }) => status)).toEqual(['discarded', 'discarded']);
    await world.use('drop', 'any', 3);
    expect(await world.untilPlans('drop', ['3'])).toEqual(['3']);
  });
});
