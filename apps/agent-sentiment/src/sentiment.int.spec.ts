import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import {
  agentActivity,
  customerUpdated,
  draftCompleted,
  draftCreated,
  draftRejected,
  emailRequested,
  negativeSentimentDetected,
  notificationRequested,
  ticketCommentRequested,
  ticketRequested,
  type AnyContract,
} from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AppModule } from './app.module.js';

describe('sentiment on Kafka and PostgreSQL', () => {
  let installation: Installation;
  let agent: RunningAgent | undefined;

  beforeEach(async () => {
    installation = await Installation.open({ agents: ['sentiment'] });
  });
  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
    await installation.close();
  });

  const start = async (more: Record<string, string> = {}): Promise<void> => {
    agent = await launchAgent(AppModule, installation.environment(more));
  };
  const complain = (customer: string, more: Partial<typeof negativeSentimentDetected.example> = {}) =>
    installation.publish(negativeSentimentDetected, {
      ...negativeSentimentDetected.example,
      customer_id: customer,
      ...more,
    });
  const register = (customer: string) =>
    installation.publish(customerUpdated, { ...customerUpdated.example, customer_id: customer });
  const eventsOf = <C extends AnyContract>(contract: C, customer: string) =>
    eventually(
      async () =>
        (await installation.events(contract)).filter(({ data }) => JSON.stringify(data).includes(customer)),
      (events) => events.length > 0,
      `${contract.type} of ${customer}`,
    );
  const isHandled = (eventId: string) =>
    eventually(
      async () => (await installation.events(agentActivity)).flatMap(({ data }) => data.entries),
      (entries) => entries.some(({ event_id, outcome }) => event_id === eventId && outcome === 'handled'),
      `${eventId} handled`,
    );

  it('answers a complaint that came before its first start, and the same one sent again only once', async () => {
    const cause = await complain('early');
    await installation.publish(negativeSentimentDetected, cause.data as never, cause);
    await start();
    const [ticket] = await eventsOf(ticketRequested, 'early');
    expect(ticket).toMatchObject({
      data: { case_id: 'case-early-1', priority: 'high' },
      metadata: {
        source_service: 'sentiment',
        causation_id: cause.event_id,
        correlation_id: cause.metadata.correlation_id,
      },
    });
    const [message] = await eventsOf(notificationRequested, 'early');
    expect(message?.data).toMatchObject({ audience: 'support', channel: 'slack' });
    const second = await complain('early', { original_post_url: 'https://twitter.com/user/status/2' });
    const [comment] = await eventsOf(ticketCommentRequested, 'early');
    expect(comment).toMatchObject({
      data: { priority: 'urgent' },
      metadata: { causation_id: second.event_id },
    });
    expect(await eventsOf(ticketRequested, 'early')).toHaveLength(1);
    expect(await eventsOf(draftCreated, 'early')).toHaveLength(1);
  });

  it('keeps drafts and addresses over a restart with other settings', async () => {
    await start({ SENTIMENT_AUTO_SEND_SCORE_MIN: '-0.5' });
    await isHandled((await register('kept')).event_id);
    await complain('kept');
    const [draft] = await eventsOf(draftCreated, 'kept');
    expect(draft?.data).toMatchObject({ reason: 'score_below_bound', to: 'jane.doe@example.com' });
    await agent?.stop();
    await start({ SENTIMENT_AUTO_SEND_SCORE_MIN: '-1' });
    const rejection = { ...draftRejected.example, draft_id: 'draft-kept-1', customer_id: 'kept' };
    await isHandled((await installation.publish(draftRejected, rejection)).event_id);
    await isHandled((await register('other')).event_id);
    await complain('other');
    expect((await eventsOf(emailRequested, 'other')).map(({ data }) => data.to)).toEqual([
      'jane.doe@example.com',
    ]);
    expect(await installation.events(emailRequested)).toHaveLength(1);
  });

  it('completes a draft when the address becomes known, and sends nothing by itself', async () => {
    await start();
    await complain('unknown');
    await eventsOf(draftCreated, 'unknown');
    await register('unknown');
    const [completed] = await eventsOf(draftCompleted, 'unknown');
    expect(completed?.data).toEqual({
      draft_id: 'draft-unknown-1',
      customer_id: 'unknown',
      to: 'jane.doe@example.com',
    });
    expect(JSON.stringify(await installation.events(emailRequested))).not.toContain('unknown');
  });
});
