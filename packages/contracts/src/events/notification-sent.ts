import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';
import { channel, subject } from './parts/notification.js';

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
