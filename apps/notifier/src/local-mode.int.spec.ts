import { emailRequested, emailSent, notificationRequested, notificationSent } from '@signalbox/contracts';
import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import { Installation } from '@signalbox/test-kit';
import { AppModule } from './app.module.js';

let installation: Installation;
let notifier: RunningAgent;
beforeAll(async () => {
  installation = await Installation.open({ agents: ['notifier'] });
  notifier = await launchAgent(AppModule, installation.environment());
});
afterAll(async () => {
  await notifier?.stop();
  await installation?.close();
});

interface Page {
  readonly messages: readonly { readonly id: string; readonly channel: string; readonly content: object }[];
  readonly next: string | null;
}
const page = async (query: string): Promise<Page> =>
  (await (await fetch(`${notifier.url}/mailbox?${query}`)).json()) as Page;

it('keeps messages in the mailbox, shows them a page at a time, and reports where they went', async () => {
  const request = await installation.publish(emailRequested, emailRequested.example);
  await installation.publish(emailRequested, emailRequested.example, request);
  await installation.publish(notificationRequested, { ...notificationRequested.example, channel: 'slack' });
  await installation.publish(notificationRequested, notificationRequested.example);
  const [sent] = await installation.eventsEventually(emailSent, 1);
  expect(sent?.data).toMatchObject({ transport: 'local-mailbox', request_id: request.event_id });
  const notifications = await installation.eventsEventually(notificationSent, 2);
  expect(notifications.map(({ data }) => data.transport)).toEqual(['local-mailbox', 'local-mailbox']);

  const all = await page('limit=10');
  expect(all.messages.map(({ channel }) => channel).sort()).toEqual(['email', 'pagerduty', 'slack']);
  expect(all.next).toBeNull();
  const [mail] = (await page('channel=email')).messages;
  expect(mail).toMatchObject({
    requestId: request.event_id,
    recipient: 'jane.doe@example.com',
    subject: 'Welcome',
    content: { headers: { 'Auto-Submitted': 'auto-generated' } },
  });
  const first = await page('limit=2');
  const rest = await page(`limit=2&before=${first.next}`);
  expect([...first.messages, ...rest.messages].map(({ id }) => id)).toEqual(all.messages.map(({ id }) => id));
  expect(rest.next).toBeNull();
});

it('names the parameter it does not understand', async () => {
  const answer = await fetch(`${notifier.url}/mailbox?limit=1000`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    code: 'request_malformed',
    detail: expect.stringContaining('/limit') as string,
  });
});
