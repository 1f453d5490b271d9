import type { ProviderRecord } from '../provider.js';

export const standardWebhooks: ProviderRecord = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  documentation: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  scheme: { kind: 'standard-webhooks' },
  secretForm: 'whsec_… for signatures with a shared secret (v1), whpk_… for those with a public key (v1a).',
  body: 'json',
  deliveryId: { header: 'webhook-id' },
  eventType: { pointer: '/type' },
  samples: [
    {
      name: 'contact.created',
      headers: { 'content-type': 'application/json', 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek' },
      body: JSON.stringify({
        type: 'contact.created',
        timestamp: '2026-04-05T12:00:59.215Z',
        data: { id: '1f81eb52-5198-4599-803e-771906343485', type: 'contact', name: 'John Smith' },
      }),
    },
  ],
  proven: {
    by: 'official library',
    reference:
      'standardwebhooks 1.1.1 in the tests; v1a: svix/svix-webhooks, server/svix-server/src/worker.rs',
  },
};
