import type { ProviderRecord } from '../provider.js';

export const square: ProviderRecord = {
  name: 'square',
  title: 'Square',
  documentation: 'https://developer.squareup.com/docs/webhooks/step3validate',
  scheme: {
    kind: 'hmac',
    header: 'x-square-hmacsha256-signature',
    encoding: 'base64',
    signed: '{url}{body}',
  },
  secretForm: 'The signature key of the webhook subscription.',
  body: 'json',
  deliveryId: { pointer: '/event_id' },
  eventType: { pointer: '/type' },
  notes:
    'The signature covers the notification URL exactly as entered at Square: the gateway must know its public address.',
  samples: [
    {
      name: 'payment.created',
      headers: {
        'content-type': 'application/json',
        'square-environment': 'Production',
        'square-initial-delivery-timestamp': '2026-04-05T12:00:59Z',
      },
      body: JSON.stringify({
        merchant_id: '6SSW7HV8K2ST5',
        type: 'payment.created',
        event_id: '13b867cf-db3d-4b1c-90b6-2f32a9d78124',
        created_at: '2026-04-05T12:00:59.212Z',
        data: {
          type: 'payment',
          id: 'KkAkhdMsgzn59SM8A89WgKwekxLZY',
          object: { payment: { status: 'APPROVED', amount_money: { amount: 100, currency: 'USD' } } },
        },
      }),
    },
  ],
  proven: {
    by: 'official library',
    reference: 'square/square-nodejs-sdk: tests/integration/webhooks.test.ts',
  },
};
