import { z } from 'zod';
import { defineContract } from '../contract.js';
import { optionalText, text, timestamp } from '../fields.js';

/** One record per accepted or refused webhook, written by the gateway. */
export const webhookReceived = defineContract({
  type: 'webhook.received',
  kind: 'platform',
  owner: 'gateway',
  consumers: ['cli'],
  summary: 'A webhook arrived and was accepted or refused.',
  schema: z.looseObject({
    webhook_id: text(64),
    source: text(255),
    path: text(2_048),
    verdict: z.enum(['accepted', 'refused']),
    quarantined: z
      .boolean()
      .optional()
      .describe(
        'Accepted, but its source’s mapping or contract does not fit: it waits on `webhook.quarantined`.',
      ),
    status: z.number().int().describe('HTTP status answered.'),
    reason: text(64).optional().describe('Error code when refused or quarantined.'),
    key_id: text(64).optional().describe("Which of the source's secrets matched."),
    address: optionalText(64),
    received_at: timestamp,
    headers: z.record(z.string(), z.string()).describe('Headers with sensitive values replaced.'),
    payload: z
      .unknown()
      .optional()
      .describe('Parsed payload with sensitive values replaced; absent when it could not be parsed.'),
    size_bytes: z.number().int().min(0),
    event_id: optionalText(255).optional().describe('Of the first event made of it.'),
    event_type: optionalText(249).optional(),
    correlation_id: optionalText(255).optional(),
    more_events: z
      .array(z.looseObject({ event_id: optionalText(255), event_type: optionalText(249) }))
      .max(200)
      .optional()
      .describe('The further events, where one webhook means several.'),
    raw_kept: z
      .boolean()
      .optional()
      .describe('Whether a refused webhook lies on `webhook.raw`, to be verified again.'),
    release: z
      .looseObject({ of: text(64), by: text(255), run: text(64) })
      .optional()
      .describe(
        'Set when an earlier webhook was verified or mapped again: its id, who asked, and in which run.',
      ),
    unrecorded: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        'Refused webhooks of this source before this one that have no record of their own, because there were too many or Kafka was away. Webhooks received = the sum of 1 + `unrecorded`.',
      ),
    decided_ms: z
      .number()
      .min(0)
      .describe(
        'Milliseconds from the last byte of the request to the decision; the acknowledgement by Kafka follows.',
      ),
  }),
  keyField: 'source',
  example: {
    webhook_id: '01980000-0000-7000-8000-000000000001',
    source: 'ops-alert',
    path: '/agent/ops-alert-webhook',
    verdict: 'accepted',
    status: 202,
    key_id: 'default',
    address: '127.0.0.1',
    received_at: '2026-04-05T12:01:00.123Z',
    headers: { 'content-type': 'application/json', 'x-webhook-signature': '[redacted]' },
    payload: { alert_id: 'ALERT-SVC-001' },
    size_bytes: 344,
    event_id: 'ops-alert:4f6c…',
    event_type: 'service_down',
    correlation_id: 'ops-alert:4f6c…',
    decided_ms: 0.4,
  },
});
