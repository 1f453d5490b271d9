import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, severity, text } from '../fields.js';

const channel = z.enum(['slack', 'pagerduty']);
const subject = {
  subject_kind: text(64).describe('What the message is about, e.g. `incident`.'),
  subject_id: entityId.describe('Its id: the record key, so messages about one thing keep order.'),
};

/** Ask the notifier to tell people over Slack or PagerDuty. */
export const notificationRequested = defineContract({
  type: 'notification.requested',
  kind: 'request',
  owner: 'notifier',
  summary: 'Tell people over Slack or PagerDuty.',
  schema: z.looseObject({
    ...subject,
    channel,
    audience: text(64).describe(
      'Who shall hear it: `on-call`, `inventory`, `sales`, `support`, …; the notifier maps audiences to receivers.',
    ),
    action: z
      .enum(['trigger', 'acknowledge', 'resolve'])
      .describe("PagerDuty's event action; Slack shows it in words."),
    dedup_key: text(255).describe("Joins the messages of one matter (PagerDuty's dedup_key)."),
    severity,
    title: text(1_024),
    body_text: text(3_000).optional(),
    link: httpUrl.optional(),
  }),
  keyField: 'subject_id',
  example: {
    subject_kind: 'incident',
    subject_id: 'inc-PaymentGatewayService-production-1',
    channel: 'pagerduty',
    audience: 'on-call',
    action: 'trigger',
    dedup_key: 'inc-PaymentGatewayService-production-1',
    severity: 'critical',
    title: 'PaymentGatewayService is down in production',
    body_text: 'Payment Gateway Service is unresponsive across all instances.',
    link: 'https://monitoring.tool/incident/12345',
  },
});

/** The receiving service took the message. */
export const notificationSent = defineContract({
  type: 'notification.sent',
  owner: 'notifier',
  summary: 'A requested notification was taken by its receiver.',
  schema: z.looseObject({
    request_id: entityId,
    ...subject,
    channel,
    audience: text(64),
    dedup_key: text(255),
    transport: z
      .enum(['slack', 'pagerduty', 'local-mailbox'])
      .describe('`local-mailbox` when the channel has no settings.'),
  }),
  keyField: 'subject_id',
  example: {
    request_id: 'c0ffee00-0000-5000-8000-000000000002',
    subject_kind: 'incident',
    subject_id: 'inc-PaymentGatewayService-production-1',
    channel: 'slack',
    audience: 'on-call',
    dedup_key: 'inc-PaymentGatewayService-production-1',
    transport: 'slack',
  },
});

/** A requested notification was given up. */
export const notificationFailed = defineContract({
  type: 'notification.failed',
  owner: 'notifier',
  summary: 'A requested notification was given up.',
  schema: z.looseObject({
    request_id: entityId,
    ...subject,
    channel,
    audience: text(64),
    error_code: text(64),
    reason: text(1_000),
    attempts: z.number().int().min(1),
  }),
  keyField: 'subject_id',
  example: {
    request_id: 'c0ffee00-0000-5000-8000-000000000002',
    subject_kind: 'incident',
    subject_id: 'inc-PaymentGatewayService-production-1',
    channel: 'slack',
    audience: 'on-call',
    error_code: 'outbound_refused',
    reason: '404 no_service',
    attempts: 1,
  },
});
