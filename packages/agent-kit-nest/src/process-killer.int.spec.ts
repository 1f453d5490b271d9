import { trialStarted, usageRecorded } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AgentProcess } from '../test/agent-process.js';

/** First death in a chunk of many, three marked deaths alone, and one more for a death before the mark. */
const DEATHS_MAX = 5;

describe('an event that kills its process', () => {
  let installation: Installation;
  let agent: AgentProcess;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['faulty'], partitions: 1 });
  });
  afterAll(async () => {
    await agent?.end();
    await installation.close();
  });

  const usage = (user: string, feature: string) => ({ user_id: user, feature, quantity: 1, unit: 'call' });
  const greeted = async () =>
    (await installation.events(trialStarted)).map(({ data }) => `${data.user_id} ${data.plan}`).sort();

  it('ends as a dead letter after a few restarts and leaves its neighbours unharmed', async () => {
    const environment = installation.environment();
    agent = await new AgentProcess(environment).ready();
    const before = ['a', 'b', 'c'];
    const after = ['d', 'e', 'a'];
    await agent.end('SIGTERM'); // so that all of them are in one chunk
    for (const user of before) await installation.publish(usageRecorded, usage(user, 'fine'));
    const killer = await installation.publish(usageRecorded, usage('killer', 'kill'));
    for (const user of after) await installation.publish(usageRecorded, usage(user, 'fine'));

    let deaths = 0;
    let isSettled = false;
    agent = new AgentProcess(environment);
    while (!isSettled && deaths <= DEATHS_MAX) {
      isSettled = await Promise.race([
        agent.exited.then(() => false),
        eventually(greeted, (users) => users.length === 6, 'the events behind the killer', 60_000).then(
          () => true,
        ),
      ]);
      if (isSettled) break;
      deaths += 1;
      agent = new AgentProcess(environment);
    }

    expect(await greeted()).toEqual([
      'a total 1',
      'a total 2',
      'b total 1',
      'c total 1',
      'd total 1',
      'e total 1',
    ]);
    expect(deaths).toBeGreaterThan(1);
    expect(deaths).toBeLessThanOrEqual(DEATHS_MAX);
    const letters = await eventually(
      () => installation.records('faulty.dlq'),
      (records) => records.length > 0,
      'the dead letter',
    );
    expect(letters.map(({ headers }) => headers['sb-error-code']?.toString())).toEqual(['process_died']);
    expect(JSON.parse(letters[0]?.value?.toString() ?? '{}')).toMatchObject({ event_id: killer.event_id });
  }, 240_000);

  it('does not suspect anything after an orderly stop', async () => {
    const environment = installation.environment();
    for (let round = 0; round < 3; round += 1) {
      await agent.end('SIGTERM');
      agent = await new AgentProcess(environment).ready();
    }
    await installation.publish(usageRecorded, usage('calm', 'fine'));
    await eventually(greeted, (users) => users.includes('calm total 1'), 'the next event');
    expect((await installation.records('faulty.dlq')).length).toBe(1);
  }, 120_000);
});
