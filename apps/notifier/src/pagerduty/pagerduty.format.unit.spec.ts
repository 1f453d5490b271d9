import { notificationEvent } from '../../test/events.js';
import { pagerDutyEventOf } from './pagerduty.format.js';

const key = 'R'.repeat(32);

it('triggers with everything a person needs', () => {
  expect(pagerDutyEventOf(notificationEvent(), key)).toEqual({
    routing_key: key,
    event_action: 'trigger',
    dedup_key: 'inc-PaymentGatewayService-production-1',
    client: 'Signalbox',
    payload: {
      summary: 'PaymentGatewayService is down in production',
      source: 'ops',
      severity: 'critical',
      timestamp: '2026-04-05T12:01:00Z',
      component: 'inc-PaymentGatewayService-production-1',
      custom_details: {
        details: 'Payment Gateway Service is unresponsive across all instances.',
        subject: 'incident inc-PaymentGatewayService-production-1',
        audience: 'on-call',
        correlation_id: 'story-1',
        event_id: 'c0ffee00-0000-5000-8000-000000000002',
      },
    },
    links: [{ href: 'https://monitoring.tool/incident/12345', text: 'About this incident' }],
  });
});

it.each([['acknowledge'], ['resolve']] as const)('sends no payload with %s', (action) => {
  expect(pagerDutyEventOf(notificationEvent({ action }), key)).toEqual({
    routing_key: key,
    event_action: action,
    dedup_key: 'inc-PaymentGatewayService-production-1',
  });
});

it.each([
  ['critical', 'critical'],
  ['high', 'error'],
  ['medium', 'warning'],
  ['low', 'info'],
  ['info', 'info'],
] as const)('calls %s %s', (severity, expected) => {
  expect(pagerDutyEventOf(notificationEvent({ severity }), key).payload?.severity).toBe(expected);
});

it('leaves out what the request does not have', () => {
  const event = notificationEvent();
  const { body_text: _body, link: _link, ...data } = event.data;
  const made = pagerDutyEventOf({ ...event, data }, key);
  expect(made.links).toBeUndefined();
  expect(made.payload?.custom_details).not.toHaveProperty('details');
});
