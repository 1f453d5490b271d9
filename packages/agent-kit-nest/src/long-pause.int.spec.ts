import { inheritedEnvironment } from '@signalbox/config';
import { trialStarted, usageRecorded } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AgentProcess } from '../test/agent-process.js';

/** `npm run test:faults` makes it ten minutes. */
const pauseMs = Number(inheritedEnvironment()['SIGNALBOX_PAUSE_SECONDS'] ?? 5) * 1_000;
const LINES_MAX = 20;
/** From the end of the pause to the last event of it; 10 s without other work on the machine. */
const goesOnMsMax = pauseMs > 60_000 ? 10_000 : 60_000;
const token = 'a-token-for-tests-only';

describe('an agent whose partitions are paused for long', () => {
  let installation: Installation;
  let agent: AgentProcess;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['faulty'], partitions: 2 });
    agent = await new AgentProcess(installation.environment({ CONTROL_TOKEN: token })).ready();
  });
  afterAll(async () => {
    await agent?.end('SIGTERM');
    await installation.close();
  });

  const control = async (path: string, request: object): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify(request);
    return (await fetch(`${agent.url}/control${path}`, { method: 'POST', headers, body })).status;
  };
  const publish = async (name: string): Promise<void> => {
    for (let n = 0; n < 20; n += 1) {
      const data = { user_id: `${name}-${n}`, feature: 'fine', quantity: 1, unit: 'call' };
      await installation.publish(usageRecorded, data);
    }
  };
  const lag = async (): Promise<number> => {
    const lines = (await agent.metrics()).matchAll(
      /^signalbox_lag_records\{topic="usage.recorded".*} (\d+)$/gm,
    );
    return [...lines].reduce((sum, [, records]) => sum + Number(records), 0);
  };

  it('stays the same process and member, says little, and goes on by itself', async () => {
    await publish('before');
    await installation.eventsEventually(trialStarted, 20);
    const [pid, linesBefore] = [agent.pid, agent.lines.length];
    expect(await control('/pause', { by: 'ann', why: 'a long look' })).toBe(200);
    const untilMs = Date.now() + pauseMs;
    await publish('during');
    await eventually(
      async () => ({ live: await agent.status('/health/live'), isOver: Date.now() >= untilMs }),
      ({ live, isOver }) => isOver || live !== 200 || !agent.isRunning,
      'the end of the pause',
      pauseMs + 30_000,
    );
    expect(agent.isRunning).toBe(true);
    expect(await installation.events(trialStarted)).toHaveLength(20);

    expect(await control('/resume', { by: 'ann' })).toBe(200);
    const resumedMs = Date.now();
    const { events } = await eventually(
      async () => ({ events: await installation.events(trialStarted), said: agent.lines.slice(-3) }),
      (now) => now.events.length >= 40 || !agent.isRunning,
      'the events published during the pause',
      goesOnMsMax,
    );
    expect(agent.isRunning).toBe(true);
    expect(Date.now() - resumedMs).toBeLessThan(goesOnMsMax + 5_000); // and the time to look
    expect(new Set(events.map(({ data }) => data.plan))).toEqual(new Set(['total 1']));
    await eventually(lag, (records) => records === 0, 'no record left');
    expect(agent.pid).toBe(pid);
    const said = agent.lines.slice(linesBefore);
    expect(said.length).toBeLessThanOrEqual(LINES_MAX);
    expect(said.filter(({ msg = '' }) => /left the group|starts again/.test(msg))).toEqual([]);
  }, 900_000);
});
