import { inheritedEnvironment } from '@signalbox/config';
import { notificationFailed, notificationRequested, notificationSent } from '@signalbox/contracts';
import { Installation, PagerDutyReceiver, SlackReceiver, eventually } from '@signalbox/test-kit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

let installation: Installation;
let slack: SlackReceiver;
let pagerDuty: PagerDutyReceiver;
const started: ChildProcess[] = [];

beforeAll(async () => {
  installation = await Installation.open({ agents: ['notifier'] });
  slack = await SlackReceiver.start();
  pagerDuty = await PagerDutyReceiver.start();
});
afterAll(async () => {
  for (const child of started) await kill(child);
  await Promise.all([slack?.close(), pagerDuty?.close()]);
  await installation?.close();
});

/** The notifier as a process of its own, from source. */
function start(): ChildProcess {
  const register = join(__dirname, '../../../infra/register-source.cjs');
  const args = ['--conditions=@signalbox/source', '-r', register, join(__dirname, 'main.ts')];
  const environment = installation.environment({
    SLACK_WEBHOOK_URL: slack.url,
    PAGERDUTY_ROUTING_KEY: 'R'.repeat(32),
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    OUTBOUND_ALLOW_PRIVATE: '127.0.0.0/8',
  });
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: inheritedEnvironment(environment),
  });
  started.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const notification = (channel: 'slack' | 'pagerduty') => ({
  ...notificationRequested.example,
  channel,
  subject_id: `inc-${channel}`,
  dedup_key: `inc-${channel}`,
});

it('killed in the middle of two calls: PagerDuty is asked again, for Slack a person is', async () => {
  slack.http.hangNext();
  pagerDuty.http.hangNext();
  const first = start();
  await installation.publish(notificationRequested, notification('slack'));
  await installation.publish(notificationRequested, notification('pagerduty'));
  await Promise.all([slack.http.requests.waitFor(1, 60_000), pagerDuty.http.requests.waitFor(1, 60_000)]);
  await kill(first);

  start();
  const [sent] = await eventually(
    () => installation.events(notificationSent),
    (events) => events.length >= 1,
    'the repeated PagerDuty event',
    90_000,
  );
  expect(sent?.data).toMatchObject({ channel: 'pagerduty', transport: 'pagerduty' });
  expect(pagerDuty.events.map(({ dedup_key: key }) => key)).toEqual(['inc-pagerduty']);

  const [failed] = await eventually(
    () => installation.events(notificationFailed),
    (events) => events.length >= 1,
    'the Slack message given up',
    90_000,
  );
  expect(failed?.data).toMatchObject({ channel: 'slack', error_code: 'outcome_unknown' });
  expect(slack.http.requests.all).toHaveLength(1);
}, 180_000);
