import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import { agentActivity, emailRequested, userSignedUp } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AppModule } from './app.module.js';

const signUp = (user: string, more: Partial<typeof userSignedUp.example> = {}) => ({
  ...userSignedUp.example,
  user_id: user,
  ...more,
});

describe('welcome on Kafka and PostgreSQL', () => {
  let installation: Installation;
  let agent: RunningAgent;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['welcome'] });
    await installation.publish(userSignedUp, signUp('long-before'));
    agent = await launchAgent(AppModule, installation.environment());
    // The agent starts at the end of the topic: only what comes after it is ready may be expected.
    await eventually(
      async () => (await fetch(`${agent.url}/health/ready`)).status,
      (status) => status === 200,
      'readiness',
    );
  });
  afterAll(async () => {
    await agent.stop();
    await installation.close();
  });

  const mails = (count: number) => installation.eventsEventually(emailRequested, count);

  it('asks for one mail per sign-up, whatever is repeated, and none for those before its first start', async () => {
    const cause = await installation.publish(
      userSignedUp,
      signUp('usr-de', { plan: 'free', location: 'DE' }),
    );
    await installation.publish(userSignedUp, cause.data as typeof userSignedUp.example, cause);
    await installation.publish(userSignedUp, signUp('usr-old'), { timestamp: '2026-03-31T10:30:00Z' });
    await installation.publish(userSignedUp, signUp('usr-us'));
    await eventually(
      async () => (await installation.events(agentActivity)).flatMap(({ data }) => data.entries),
      (entries) => ['handled', 'duplicate'].every((one) => entries.some(({ outcome }) => outcome === one)),
      'a handled and a repeated sign-up in the activity',
    );
    const told = await mails(3);
    expect(told.map(({ data }) => data.recipient_id).sort()).toEqual(['usr-de', 'usr-old', 'usr-us']);
    const german = told.find(({ data }) => data.recipient_id === 'usr-de');
    expect(german).toMatchObject({
      data: { to: 'jane.doe@example.com', subject: 'Willkommen bei Acme Solutions', purpose: 'welcome' },
      metadata: { source_service: 'welcome', causation_id: cause.event_id },
    });
  });
});
