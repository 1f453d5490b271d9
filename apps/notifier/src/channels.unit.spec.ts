import { Channels } from './channels.js';
import { loadNotifierSettings } from './notifier.settings.js';

const channels = (env: Record<string, string>): Channels => new Channels(loadNotifierSettings(env));
const slack = (audience: string) => ({ channel: 'slack', audience }) as const;

it('keeps everything here without settings', () => {
  const none = channels({});
  expect(none.local).toEqual(['email', 'slack', 'pagerduty']);
  expect(none.email).toBe('local-mailbox');
  expect(none.routeOf(slack('sales'))).toEqual({ transport: 'local-mailbox' });
  expect(none.routeOf({ channel: 'pagerduty', audience: 'on-call' })).toEqual({ transport: 'local-mailbox' });
});

it("prefers an audience's own webhook to the common one", () => {
  const some = channels({
    SLACK_WEBHOOK_URL: 'https://hooks.example/all',
    SLACK_WEBHOOK_URL_ON_CALL: 'https://hooks.example/on-call',
  });
  expect(some.routeOf(slack('on-call'))).toEqual({
    transport: 'slack',
    url: 'https://hooks.example/on-call',
  });
  expect(some.routeOf(slack('sales'))).toEqual({ transport: 'slack', url: 'https://hooks.example/all' });
  expect(some.local).toEqual(['email', 'pagerduty']);
});

it('keeps messages here for audiences without a webhook when there is no common one', () => {
  const some = channels({ SLACK_WEBHOOK_URL_ON_CALL: 'https://hooks.example/on-call' });
  expect(some.routeOf(slack('sales'))).toEqual({ transport: 'local-mailbox' });
  expect(some.local).toContain('slack');
});

it('is nowhere local with all settings', () => {
  const all = channels({
    SMTP_URL: 'smtp://127.0.0.1:1025',
    SLACK_WEBHOOK_URL: 'https://hooks.example/all',
    PAGERDUTY_ROUTING_KEY: 'R'.repeat(32),
  });
  expect(all.local).toEqual([]);
  expect(all.routeOf({ channel: 'pagerduty', audience: 'on-call' })).toEqual({
    transport: 'pagerduty',
    routingKey: 'R'.repeat(32),
  });
});

it('repeats a call of unknown outcome only towards a receiver that joins repeats', () => {
  const pagerDuty = { channel: 'pagerduty', audience: 'on-call' } as const;
  const all = channels({
    SMTP_URL: 'smtp://127.0.0.1:1025',
    SLACK_WEBHOOK_URL: 'https://hooks.example/all',
    PAGERDUTY_ROUTING_KEY: 'R'.repeat(32),
  });
  expect(all.afterUnknownOutcome('email')).toBe('ask');
  expect(all.afterUnknownOutcome(slack('sales'))).toBe('ask');
  expect(all.afterUnknownOutcome(pagerDuty)).toBe('repeat');
  const none = channels({});
  expect(none.afterUnknownOutcome('email')).toBe('repeat');
  expect(none.afterUnknownOutcome(slack('sales'))).toBe('repeat');
});

it.each([
  [{ SMTP_URL: 'http://mail.example' }, 'SMTP_URL'],
  [{ MAIL_FROM: 'nobody' }, 'MAIL_FROM'],
  [{ SLACK_WEBHOOK_URL: 'hooks.example' }, 'SLACK_WEBHOOK_URL'],
  [{ SLACK_WEBHOOK_URL_SALES: 'ftp://hooks.example' }, 'SLACK_WEBHOOK_URL_SALES'],
  [{ PAGERDUTY_ROUTING_KEY: 'short' }, 'PAGERDUTY_ROUTING_KEY'],
])('refuses %j by name', (env, name) => {
  const load = (): unknown => loadNotifierSettings(env as Record<string, string>);
  expect(load).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  expect(load).toThrow(name);
});
