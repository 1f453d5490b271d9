import type { ProviderRecord } from '../provider.js';

export const linear: ProviderRecord = {
  name: 'linear',
  title: 'Linear',
  documentation: 'https://linear.app/developers/webhooks#securing-webhooks',
  scheme: {
    kind: 'hmac',
    header: 'linear-signature',
    timestamp: { pointer: '/webhookTimestamp', unit: 'ms' },
  },
  secretForm: 'The signing secret of the webhook, lin_wh_….',
  body: 'json',
  deliveryId: { header: 'linear-delivery' },
  eventType: { pointer: '/type' },
  notes: 'The time of sending is part of the signed body.',
  samples: [
    {
      name: 'Comment',
      headers: {
        'content-type': 'application/json',
        'linear-delivery': '234d1a4e-b617-4388-90fe-adc3633d6b72',
        'linear-event': 'Comment',
      },
      body: JSON.stringify({
        action: 'create',
        type: 'Comment',
        organizationId: '9c3ec4f8-4d2c-4a0f-8f5e-1d6b7c9e0a11',
        createdAt: '2026-04-05T12:00:59.000Z',
        data: { id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9', body: 'Please look at this.' },
        webhookTimestamp: 1775390460000,
      }),
    },
  ],
  proven: {
    by: 'official library',
    reference:
      '@linear/sdk 98.0.0: LinearWebhookClient.verify accepts the vector and refuses it with another body',
  },
};
