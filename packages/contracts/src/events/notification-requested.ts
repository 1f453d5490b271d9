import { z } from 'zod';
import { defineContract } from '../contract.js';
import { httpUrl, severity, text } from '../fields.js';
import { channel, subject } from './parts/notification.js';

/** Ask the notifier to tell people over Slack or PagerDuty. */
export const notificationRequested = defineContract({
  type: 'notification.requested',
  kind: 'request',
  owner: 'notifier',
  publishers: ['logistics', 'ops', 'sentiment'],
  consumers: ['notifier'],
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
