import {
  emailFailed,
  emailRequested,
  emailSent,
  notificationFailed,
  notificationRequested,
  notificationSent,
} from '@signalbox/contracts';
import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import {
  Installation,
  PagerDutyReceiver,
  SlackReceiver,
  SmtpReceiver,
  eventually,
} from '@signalbox/test-kit';
import { AppModule } from './app.module.js';

const routingKey = 'R'.repeat(32);

let installation: Installation;
let smtp: SmtpReceiver;
let slack: SlackReceiver;
let pagerDuty: PagerDutyReceiver;
let notifier: RunningAgent;

beforeAll(async () => {
  installation = await Installation.open({ agents: ['notifier'] });
  smtp = await SmtpReceiver.start();
  slack = await SlackReceiver.start();
  pagerDuty = await PagerDutyReceiver.start();
  const environment = installation.environment({
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Acme <hello@acme.example>',
    SLACK_WEBHOOK_URL: slack.url,
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    OUTBOUND_ALLOW_PRIVATE: '127.0.0.0/8',
  });
  notifier = await launchAgent(AppModule, environment);
});
afterAll(async () => {
  await notifier?.stop();
  await Promise.all([smtp?.close(), slack?.close(), pagerDuty?.close()]);
  await installation?.close();
});

const mail = (recipient: string) => ({
  ...emailRequested.example,
  recipient_id: recipient,
  to: `${recipient}@example.com`,
});
const notification = (channel: 'slack' | 'pagerduty', id: string) => ({
  ...notificationRequested.example,
  channel,
  subject_id: id,
  dedup_key: id,
  title: `${id} is down`,
});

it('sends a requested mail once, however often it is requested, and reports it', async () => {
  const request = await installation.publish(emailRequested, mail('jane'));
  await installation.publish(emailRequested, mail('jane'), request);
  await installation.publish(emailRequested, mail('jane'), request);
  // A later mail to the same person: when it is there, the repeats were read.
  const last = await installation.publish(emailRequested, { ...mail('jane'), subject: 'Second' });
  const sent = await eventually(
    async () => (await installation.events(emailSent)).filter(({ data }) => data.recipient_id === 'jane'),
    (events) => events.length >= 2,
    'two sent mails',
  );
  expect(sent.map(({ data }) => data.request_id)).toEqual([request.event_id, last.event_id]);
  expect(sent[0]).toMatchObject({
    data: { transport: 'smtp', to: 'jane@example.com' },
    metadata: { correlation_id: request.metadata.correlation_id, causation_id: request.event_id },
  });
  const mails = smtp.mails.all.filter(({ to }) => to[0] === 'jane@example.com');
  expect(mails.map(({ subject }) => subject)).toEqual(['Welcome', 'Second']);
  expect(mails[0]?.messageId).toBe(sent[0]?.data.message_id);
  expect([...smtp.countByMessageId.values()].every((count) => count === 1)).toBe(true);
});

it('posts to Slack and PagerDuty in their formats and reports both', async () => {
  await installation.publish(notificationRequested, notification('slack', 'inc-1'));
  await installation.publish(notificationRequested, notification('pagerduty', 'inc-1'));
  const sent = await eventually(
    async () =>
      (await installation.events(notificationSent)).filter(({ data }) => data.subject_id === 'inc-1'),
    (events) => events.length >= 2,
    'two sent notifications',
  );
  expect(sent.map(({ data }) => data.transport).sort()).toEqual(['pagerduty', 'slack']);
  expect(slack.messages.filter(({ text }) => text === 'New: inc-1 is down')).toHaveLength(1);
  expect(pagerDuty.events.filter(({ dedup_key: key }) => key === 'inc-1')).toMatchObject([
    { routing_key: routingKey, event_action: 'trigger', payload: { severity: 'critical' } },
  ]);
});

it('reports what a receiver refuses for good, and goes on', async () => {
  smtp.refuseNext(550, 'no such user', 'recipient');
  await installation.publish(emailRequested, mail('nobody'));
  const [failed] = await installation.eventsEventually(emailFailed, 1);
  expect(failed?.data).toMatchObject({ recipient_id: 'nobody', error_code: 'outbound_refused', attempts: 1 });
  expect(failed?.data.reason).toContain('no such user');
  slack.http.answerNext({ status: 404, body: 'no_service' });
  await installation.publish(notificationRequested, notification('slack', 'inc-2'));
  const [refused] = await installation.eventsEventually(notificationFailed, 1);
  expect(refused?.data).toMatchObject({ subject_id: 'inc-2', error_code: 'outbound_refused' });
  await installation.publish(notificationRequested, notification('slack', 'inc-3'));
  await eventually(
    () => installation.events(notificationSent),
    (events) => events.some(({ data }) => data.subject_id === 'inc-3'),
    'the next notification',
  );
});

it('asks a person when Slack took a message perhaps, and posts nothing twice', async () => {
  slack.http.cutNext();
  await installation.publish(notificationRequested, notification('slack', 'inc-4'));
  const failed = await eventually(
    () => installation.events(notificationFailed),
    (events) => events.some(({ data }) => data.subject_id === 'inc-4'),
    'the failed notification',
  );
  expect(failed.find(({ data }) => data.subject_id === 'inc-4')?.data).toMatchObject({
    error_code: 'outcome_unknown',
  });
  const posts = slack.http.requests.all.filter(({ body }) => body.includes('inc-4'));
  expect(posts).toHaveLength(1);
});

it('tries PagerDuty again after a server error, under the same key', async () => {
  pagerDuty.http.answerNext({ status: 503, headers: { 'retry-after': '1' } });
  await installation.publish(notificationRequested, notification('pagerduty', 'inc-5'));
  await eventually(
    () => installation.events(notificationSent),
    (events) => events.some(({ data }) => data.subject_id === 'inc-5'),
    'the notification at the second attempt',
  );
  const requests = pagerDuty.http.requests.all.filter(({ body }) => body.includes('inc-5'));
  expect(requests.map(({ status }) => status)).toEqual([503, 202]);
});

it('has no mailbox to show when every channel has its settings', async () => {
  expect((await fetch(`${notifier.url}/mailbox`)).status).toBe(404);
  expect((await fetch(`${notifier.url}/health/ready`)).status).toBe(200);
});
