import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import { createPool } from '@signalbox/agent-kit-postgres';
import { agentActivity, emailRequested, usageRecorded, userSignedUp } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AppModule } from './app.module.js';
import { patienceMs } from './onboarding.decide.js';

describe('the agent of the guide, on Kafka and PostgreSQL', () => {
  let installation: Installation;
  let agent: RunningAgent;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['onboarding'] });
    agent = await launchAgent(AppModule, installation.environment());
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

  const signUp = (user_id: string) =>
    installation.publish(userSignedUp, { ...userSignedUp.example, user_id });
  const handled = (count: number) =>
    eventually(
      async () => (await installation.events(agentActivity)).flatMap(({ data }) => data.entries),
      (entries) => entries.filter(({ outcome }) => outcome === 'handled').length >= count,
      `${count} handled events`,
    );
  const stepClock = async (ms: number): Promise<void> => {
    const pool = createPool({
      url: installation.databaseUrl,
      schema: 'onboarding',
      max: 1,
      onError: () => undefined,
    });
    await pool.query('UPDATE sb_clock SET offset_ms = offset_ms + $1', [ms]);
    await pool.end();
  };

  it('asks for a mail two days later, and only for who has used nothing', async () => {
    await signUp('idle');
    await signUp('busy');
    await handled(2);
    await installation.publish(usageRecorded, { ...usageRecorded.example, user_id: 'busy' });
    await handled(3);
    await stepClock(patienceMs);
    const mails = await installation.eventsEventually(emailRequested, 1);
    expect(mails.map(({ data }) => data.recipient_id)).toEqual(['idle']);
  });
});
