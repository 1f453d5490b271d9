import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';
import { channel, subject } from './parts/notification.js';

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
