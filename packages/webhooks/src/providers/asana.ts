import type { ProviderRecord } from '../provider.js';

export const asana: ProviderRecord = {
  name: 'asana',
  title: 'Asana',
  documentation: 'https://developers.asana.com/docs/webhooks-guide#the-webhook-handshake',
  scheme: { kind: 'hmac', header: 'x-hook-signature' },
  secretForm: 'What Asana hands over in X-Hook-Secret while the webhook is made.',
  body: 'json',
  eventType: { pointer: '/events/0/action' },
  challenge: 'asana',
  notes: 'Asana sends an empty list of events every eight hours to see whether the address still answers.',
  samples: [
    {
      name: 'changed',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        events: [
          {
            user: { gid: '12345', resource_type: 'user' },
            resource: { gid: '1337', resource_type: 'task' },
            action: 'changed',
            created_at: '2026-04-05T12:00:59.000Z',
            change: { field: 'due_at', action: 'changed' },
          },
        ],
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason: 'The documentation shows code without a complete example, and no official library verifies it.',
  },
};
