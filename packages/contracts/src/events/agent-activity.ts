import { z } from 'zod';
import { defineContract } from '../contract.js';
import { optionalText, text, timestamp } from '../fields.js';

const entry = z.looseObject({
  event_id: optionalText(255),
  source: optionalText(255),
  event_type: optionalText(249),
  correlation_id: optionalText(255).optional(),
  handler: text(255).optional(),
  outcome: z.enum([
    'handled',
    'duplicate',
    'skipped',
    'failed',
    'parked',
    'dead_lettered',
    'fired',
    'performed',
  ]),
  attempt: z.number().int().min(1).optional(),
  duration_us: z.number().int().min(0).optional(),
  outputs: z.array(z.looseObject({ event_id: z.string(), event_type: z.string() })).optional(),
  state_changed: z.boolean().optional(),
  note: optionalText(1_000).optional(),
  error_code: text(64).optional(),
});

/** One record per chunk of work an agent committed: what it decided for each event. */
export const agentActivity = defineContract({
  type: 'agent.activity',
  kind: 'platform',
  owner: 'agent-kit',
  consumers: ['cli'],
  summary: 'What an agent decided for each event of a committed chunk.',
  schema: z.looseObject({
    agent: text(255),
    instance: text(64),
    at: timestamp,
    entries: z.array(entry).max(1_000),
  }),
  keyField: 'agent',
  example: {
    agent: 'ops',
    instance: 'f3b1c2d4',
    at: '2026-04-05T12:01:00.200Z',
    entries: [
      {
        event_id: 'ops-alert:4f6c…',
        source: 'ops-alert',
        event_type: 'service_down',
        correlation_id: 'ops-alert:4f6c…',
        handler: 'serviceDown',
        outcome: 'handled',
        attempt: 1,
        duration_us: 90,
        outputs: [{ event_id: 'c0ffee00-0000-5000-8000-000000000002', event_type: 'incident.opened' }],
        state_changed: true,
      },
    ],
  },
});
export type ActivityEntry = z.infer<typeof entry>;
