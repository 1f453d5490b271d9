import { z } from 'zod';
import { defineContract } from '../contract.js';
import { name, optionalText, severity, text, timestamp } from '../fields.js';

/** Signalbox itself needs a person: the first dead letter of a new kind. */
export const alertRaised = defineContract({
  type: 'alert.raised',
  kind: 'platform',
  owner: 'agent-kit',
  summary: 'An agent has a dead letter of a kind of which none was open.',
  schema: z.looseObject({
    agent: name(63),
    fingerprint: text(64).describe('The same for all dead letters of one cause: see `signalbox dlq list`.'),
    error_code: text(64),
    message: optionalText(1_000),
    severity,
    handler: text(255).optional().describe('Absent when the event reached no handler.'),
    event_type: optionalText(249).optional(),
    first_event_id: optionalText(255).describe(
      'Event id, or topic/partition/offset of an unreadable record.',
    ),
    count: z
      .number()
      .int()
      .min(1)
      .describe('Open dead letters of this fingerprint when the alert was raised.'),
    raised_at: timestamp,
  }),
  keyField: 'agent',
  example: {
    agent: 'welcome',
    fingerprint: '9f2c4e1ab07d6653',
    error_code: 'handler_failed',
    message: "TypeError: Cannot read properties of undefined (reading 'plan')",
    severity: 'high',
    handler: 'userSignedUp',
    event_type: 'user.signed_up',
    first_event_id: 'events:4f6c…',
    count: 1,
    raised_at: '2026-04-05T12:01:00.200Z',
  },
});
