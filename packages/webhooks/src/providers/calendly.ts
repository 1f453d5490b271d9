import type { ProviderRecord } from '../provider.js';

export const calendly: ProviderRecord = {
  name: 'calendly',
  title: 'Calendly',
  documentation: 'https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures',
  scheme: {
    kind: 'hmac',
    header: 'calendly-webhook-signature',
    field: 'v1',
    signed: '{timestamp}.{body}',
    timestamp: { field: 't' },
  },
  secretForm:
    'The signing_key given when the subscription was made; for OAuth apps the key shown for the app.',
  body: 'json',
  eventType: { pointer: '/event' },
  samples: [
    {
      name: 'invitee.created',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        event: 'invitee.created',
        created_at: '2026-04-05T12:00:59.000000Z',
        created_by: 'https://api.calendly.com/users/AAAAAAAAAAAAAAAA',
        payload: {
          uri: 'https://api.calendly.com/scheduled_events/BBBB/invitees/CCCC',
          email: 'test@example.com',
          name: 'John Doe',
          status: 'active',
          timezone: 'America/New_York',
        },
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason:
      'The documentation describes the computation without a complete example, and there is no official library.',
  },
};
