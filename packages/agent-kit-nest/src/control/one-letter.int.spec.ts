import { alertRaised, trialStarted, usageRecorded } from '@signalbox/contracts';
import { eventually } from '@signalbox/test-kit';
import { OperatedAgent, broken, type Letter } from '../../test/operated-agent.js';

describe('one dead letter', () => {
  let world: OperatedAgent;
  beforeAll(async () => {
    world = await OperatedAgent.open();
  });
  afterAll(() => world.close());

  it('raises an alert for the first of a kind and not for the next', async () => {
    broken.set('alerting', 'fatal');
    await world.use('alert-1', 'alerting', 1);
    const [letter] = await world.untilLetters('alert-1', 1);
    await world.use('alert-2', 'alerting', 1);
    await world.untilLetters('alert-2', 1);
    const alerts = (await world.installation.eventsEventually(alertRaised, 1)).filter(
      ({ data }) => data.fingerprint === letter?.fingerprint,
    );
    expect(alerts.map(({ data }) => data)).toMatchObject([
      { agent: 'operated', error_code: 'handler_fatal', count: 1, first_event_id: letter?.event_id },
    ]);
  });

  it('is redriven once though asked twice at once, under its own id', async () => {
    broken.set('twice', 'fatal');
    await world.use('twice', 'twice', 7);
    const [letter] = await world.untilLetters('twice', 1);
    broken.delete('twice');
    const path = `/dead-letters/${letter?.id}/redrive`;
    const answers = await Promise.all([
      world.control(path, { by: 'ann' }),
      world.control(path, { by: 'ben' }),
      world.control(path, { by: 'cleo' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await world.untilPlans('twice', ['7'])).toEqual(['7']);
    const [event] = (await world.installation.events(trialStarted)).filter(
      ({ data }) => data.user_id === 'twice',
    );
    expect(event?.metadata.causation_id).toBe(letter?.event_id);
    expect(await world.queueOf('twice')).toEqual([]);
    expect(await world.control(path, { by: 'ann' })).toMatchObject({
      status: 409,
      body: { code: 'letter_not_open' },
    });
  });

  it('fails again as a new dead letter that knows of its redrives, five at most', async () => {
    broken.set('stubborn', 'fatal');
    await world.use('stubborn', 'stubborn', 1);
    for (let n = 1; n <= 5; n += 1) {
      const letter = (await world.untilLetters('stubborn', n)).at(-1);
      expect(letter).toMatchObject({ status: 'open', redrives: n - 1 });
      expect((await world.control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
    }
    const last = (await world.untilLetters('stubborn', 6)).at(-1);
    expect(await world.control(`/dead-letters/${last?.id}/redrive`, { by: 'ann' })).toMatchObject({
      status: 409,
      body: { code: 'redrive_refused', detail: expect.stringContaining('5 times') as string },
    });
    expect(new Set((await world.lettersOf('stubborn')).map(({ event_id }) => event_id)).size).toBe(1);
  });

  it('is edited: shows what changed, keeps the original, runs under a new id with the name of the editor', async () => {
    broken.set('mistyped', 'fatal');
    await world.use('edit', 'mistyped', 3);
    const [letter] = await world.untilLetters('edit', 1);
    const path = `/dead-letters/${letter?.id}`;
    const data = { user_id: 'edit', feature: 'fine', quantity: 4, unit: 'call' };
    expect(
      await world.control(`${path}/edit`, { by: 'ann', data: { ...data, quantity: 'four' } }),
    ).toMatchObject({
      status: 422,
      body: { code: 'event_invalid' },
    });
    expect((await world.control(`${path}/edit`, { by: 'ann', data })).body).toMatchObject({
      changes: [
        { pointer: '/data/feature', before: 'mistyped', after: 'fine' },
        { pointer: '/data/quantity', before: 3, after: 4 },
      ],
    });
    const whole = await world.control(path);
    expect(whole.body).toMatchObject({ edits: 1, edited: { by: 'ann' } });
    expect(JSON.stringify((whole.body as object as { record: unknown }).record)).toContain('mistyped');
    expect((await world.control(`${path}/redrive`, { by: 'ben' })).status).toBe(200);
    expect(await world.untilPlans('edit', ['4'])).toEqual(['4']);
    const [event] = (await world.installation.events(trialStarted)).filter(
      ({ data: { user_id } }) => user_id === 'edit',
    );
    expect(event?.metadata.causation_id).toBe(`${letter?.event_id}~e1`);
  });

  it('is discarded with who and why', async () => {
    broken.set('useless', 'fatal');
    await world.use('discard', 'useless', 1);
    const [letter] = await world.untilLetters('discard', 1);
    const path = `/dead-letters/${letter?.id}`;
    expect((await world.control(`${path}/discard`, { by: 'ann', why: 'a test account' })).status).toBe(200);
    expect((await world.control(path)).body).toMatchObject({
      status: 'discarded',
      settled: { by: 'ann', why: 'a test account' },
    });
    expect((await world.control(`${path}/redrive`, { by: 'ann' })).status).toBe(409);
  });

  it('of an id that was used twice is redriven under an id of its own', async () => {
    const data = { user_id: 'conflict', feature: 'fine', quantity: 1, unit: 'call' };
    const first = await world.installation.publish(usageRecorded, data, { event_id: 'same-id' });
    expect(first).toBeDefined();
    await world.untilPlans('conflict', ['1']);
    await world.installation.publish(usageRecorded, { ...data, quantity: 2 }, { event_id: 'same-id' });
    const found = await eventually(
      async () =>
        (await world.control('/dead-letters?status=open')).body as unknown as { dead_letters: Letter[] },
      ({ dead_letters: letters }) => letters.some(({ event_id }) => event_id === 'same-id'),
      'the conflict',
    );
    const letter = found.dead_letters.find(({ event_id }) => event_id === 'same-id');
    expect((await world.control(`/dead-letters/${letter?.id}/redrive`, { by: 'ann' })).status).toBe(200);
    expect(await world.untilPlans('conflict', ['1', '1,2'])).toEqual(['1', '1,2']);
    const event = (await world.installation.events(trialStarted))
      .filter(({ data: { plan } }) => plan === '1,2')
      .at(-1);
    expect(event?.metadata.causation_id).toBe('same-id~e1');
  });
});
