import { usageRecorded } from '@signalbox/contracts';
import { eventually } from '@signalbox/test-kit';
import { OperatedAgent } from '../../test/operated-agent.js';

describe('a paused agent', () => {
  let world: OperatedAgent;
  beforeAll(async () => {
    world = await OperatedAgent.open();
  });
  afterAll(() => world.close());

  const isMember = () =>
    eventually(
      () => Promise.resolve(world.agent.runtime.status()),
      ({ hasJoined, claiming }) => hasJoined && claiming === 0,
      'membership',
    );
  const offsets = async () =>
    (await world.pool.query('SELECT topic, partition, next_offset FROM sb_progress ORDER BY 1, 2')).rows;

  it('stays a member, handles nothing, and goes on afterwards', async () => {
    const { assigned: before } = await isMember();
    const assigned = before.length;
    expect((await world.control('/pause', { by: 'ann', why: 'wrong mails' })).body).toMatchObject({
      paused: { by: 'ann', why: 'wrong mails' },
    });
    expect((await world.control('/pause', { by: 'ben', why: 'me too' })).body).toMatchObject({
      paused: { by: 'ann' },
    });
    const progress = await offsets();
    await world.use('paused', 'fine', 1);
    const ends = await eventually(
      async () =>
        (await world.installation.events(usageRecorded)).filter(({ data }) => data.user_id === 'paused'),
      (events) => events.length === 1,
      'the record on its topic',
    );
    expect(ends).toHaveLength(1);
    for (let looks = 0; looks < 5; looks += 1) {
      expect(await world.plansOf('paused')).toEqual([]);
      expect(await offsets()).toEqual(progress);
      const status = world.agent.runtime.status();
      expect(status).toMatchObject({ isPaused: true, hasJoined: true });
      expect(status.assigned).toHaveLength(assigned);
      expect((await fetch(`${world.agent.url}/health/live`)).status).toBe(200);
    }
    expect((await world.control('/resume', { by: 'ann' })).body).toMatchObject({ paused: null });
    expect(await world.untilPlans('paused', ['1'])).toEqual(['1']);
  });

  it('stays paused when its process is started again', async () => {
    await world.control('/pause', { by: 'ann', why: 'over night' });
    await world.restart();
    expect(world.agent.runtime.status().isPaused).toBe(true);
    await world.use('restarted', 'fine', 1);
    await isMember();
    expect(await world.plansOf('restarted')).toEqual([]);
    await world.control('/resume', { by: 'ann' });
    expect(await world.untilPlans('restarted', ['1'])).toEqual(['1']);
  });
});
