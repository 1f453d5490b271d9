import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, severity, text } from '../fields.js';

const channel = z.enum(['slack', 'pagerduty']);
const subject = { subject_kind: text(64), subject_id: entityId };

/** Ask the notifier to tell people over Slack or PagerDuty. */
export const notificationRequested = defineContract({
  type: 'notification.requested',
  kind: 'request',
  owner: 'notifier',
  summary: 'Tell people over Slack or PagerDuty.',
  schema: z.looseObject({
    /** What it is about, e.g. kind `incident`; the id is the record key, so messages about one thing keep order. */
    ...subject,
    channel,
    /** Who shall hear it: `on-call`, `inventory`, `sales`, `support`, …; the notifier maps audiences to receivers. */
    audience: text(64),
    /** PagerDuty's event action; Slack shows it in words. */
    action: z.enum(['trigger', 'acknowledge', 'resolve']),
    /** Joins the messages of one matter (PagerDuty's dedup_key), at most 255 characters. */
    dedup_key: text(255),
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
    /** `local-mailbox` when the channel has no settings. */
    transport: z.enum(['slack', 'pagerduty', 'local-mailbox']),
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
