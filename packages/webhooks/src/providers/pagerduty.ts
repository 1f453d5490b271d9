import type { ProviderRecord } from '../provider.js';

export const pagerduty: ProviderRecord = {
  name: 'pagerduty',
  title: 'PagerDuty',
  documentation: 'https://developer.pagerduty.com/docs/verifying-webhook-signatures',
  scheme: { kind: 'hmac', header: 'x-pagerduty-signature', field: 'v1' },
  secretForm: 'The secret shown once when the webhook subscription (v3) is made.',
  body: 'json',
  deliveryId: { pointer: '/event/id' },
  eventType: { pointer: '/event/event_type' },
  samples: [
    {
      name: 'incident.triggered',
      headers: { 'content-type': 'application/json', 'x-webhook-id': 'a5b4f1a1-2c4d-4e45-9f55-3b0f0f6d0c11' },
      body: JSON.stringify({
        event: {
          id: '01BWDWL3NYY7LUFPZCC28QUCMK',
          event_type: 'incident.triggered',
          resource_type: 'incident',
          occurred_at: '2026-04-05T12:00:59.458Z',
          data: {
            id: 'PGR0VU2',
            type: 'incident',
            number: 2,
            status: 'triggered',
            title: 'A little bump in the road',
            urgency: 'high',
          },
        },
      }),
    },
  ],
  proven: { by: 'official library', reference: 'PagerDuty/go-pagerduty: webhookv3/webhookv3_test.go' },
};
