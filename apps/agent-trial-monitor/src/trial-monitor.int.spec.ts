import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import {
  agentActivity,
  subscriptionStarted,
  trialConverted,
  trialStarted,
  usageRecorded,
  userSignedUp,
  type AnyContract,
} from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AppModule } from './app.module.js';

const dayMs = 86_400_000;

describe('trial-monitor on Kafka and PostgreSQL', () => {
  let installation: Installation;
  let agent: RunningAgent | undefined;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['trial-monitor'] });
  });
  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
  });
  afterAll(() => installation.close());

  const start = async (): Promise<void> => {
    agent = await launchAgent(AppModule, installation.environment());
  };
  const signUp = (user: string, plan = 'premium_trial') =>
    installation.publish(userSignedUp, { ...userSignedUp.example, user_id: user, plan });
  const use = (user: string, feature: string, quantity: number) =>
    installation.publish(usageRecorded, { user_id: user, feature, quantity, unit: 'call' });
  const eventsOf = <C extends AnyContract>(contract: C, user: string) =>
    eventually(
      async () =>
        (await installation.events(contract)).filter(
          ({ data }) => (data as { user_id: string }).user_id === user,
        ),
      (events) => events.length > 0,
      `${contract.type} of ${user}`,
    );

  it('starts a trial and converts it with the usage that came before and after the sign-up', async () => {
    await start();
    const before = await use('usr-1', 'export', 2);
    await installation.publish(usageRecorded, before.data as typeof usageRecorded.example, before);
    const cause = await signUp('usr-1');
    const [started] = await eventsOf(trialStarted, 'usr-1');
    const lengthMs = Date.parse(started?.data.ends_at ?? '') - Date.parse(started?.data.started_at ?? '');
    expect(lengthMs).toBe(14 * dayMs);
    expect(started?.metadata).toMatchObject({
      source_service: 'trial-monitor',
      causation_id: cause.event_id,
    });
    await use('usr-1', 'export', 3);
    await use('usr-1', 'import', 1);
    // Usage and subscription are different topics: their order is only sure once the usage is seen to be handled.
    await eventually(
      () => handledUsage(installation),
      (count) => count >= 3,
      'three handled usage records',
    );
    const started_at = new Date().toISOString();
    await installation.publish(subscriptionStarted, { user_id: 'usr-1', plan: 'premium', started_at });
    const [converted] = await eventsOf(trialConverted, 'usr-1');
    expect(converted?.data).toMatchObject({ paid_plan: 'premium', usage: { export: 5, import: 1 } });
    expect(await eventsOf(trialStarted, 'usr-1')).toHaveLength(1);
  });

  it('begins at the start of the topics, keeps state over a restart, and watches no other plans', async () => {
    await signUp('usr-2', 'free');
    await use('usr-3', 'export', 4);
    await signUp('usr-3', 'enterprise_trial');
    await start();
    await eventsOf(trialStarted, 'usr-3');
    await eventually(
      () => handledUsage(installation),
      (count) => count >= 4,
      'the fourth handled usage record',
    );
    await agent?.stop();
    await start();
    await installation.publish(subscriptionStarted, { ...subscriptionStarted.example, user_id: 'usr-3' });
    const [converted] = await eventsOf(trialConverted, 'usr-3');
    expect(converted?.data).toMatchObject({ plan: 'enterprise_trial', usage: { export: 4 } });
    const users = (await installation.events(trialStarted)).map(({ data }) => data.user_id);
    expect(users).not.toContain('usr-2');
  });
});

/** Usage records the agent has handled so far, by its own activity. */
async function handledUsage(installation: Installation): Promise<number> {
  const activity = await installation.events(agentActivity);
  const entries = activity.flatMap(({ data }) => data.entries);
  return entries.filter(({ event_type, outcome }) => event_type === 'usage.recorded' && outcome === 'handled')
    .length;
}
