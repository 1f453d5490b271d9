import type { ProviderRecord } from '../provider.js';

export const paddle: ProviderRecord = {
  name: 'paddle',
  title: 'Paddle Billing',
  documentation: 'https://developer.paddle.com/webhooks/signature-verification',
  scheme: {
    kind: 'hmac',
    header: 'paddle-signature',
    field: 'h1',
    separator: ';',
    signed: '{timestamp}:{body}',
    timestamp: { field: 'ts' },
  },
  secretForm: 'The secret key of the notification destination, pdl_ntfset_….',
  body: 'json',
  deliveryId: { pointer: '/event_id' },
  eventType: { pointer: '/event_type' },
  samples: [
    {
      name: 'subscription.created',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        event_id: 'evt_01hv8x29kz0t586xy6zn1a62ny',
        event_type: 'subscription.created',
        occurred_at: '2026-04-05T12:00:59.221995Z',
        notification_id: 'ntf_01hv8x2a5f3wqyrk1y5zv0c5m5',
        data: {
          id: 'sub_01hv8x29kz0t586xy6zn1a62ny',
          status: 'active',
          customer_id: 'ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
        },
      }),
    },
  ],
  proven: {
    by: 'official library',
    reference: 'PaddleHQ/paddle-node-sdk: src/__tests__/notifications/webhooks-validator.edge.test.ts',
  },
};
