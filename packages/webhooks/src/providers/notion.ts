import type { ProviderRecord } from '../provider.js';

export const notion: ProviderRecord = {
  name: 'notion',
  title: 'Notion',
  documentation:
    'https://developers.notion.com/reference/webhooks#step-3-validating-event-payloads-recommended',
  scheme: { kind: 'hmac', header: 'x-notion-signature', prefix: 'sha256=' },
  secretForm: 'The verification_token Notion posts when the subscription is made, secret_….',
  body: 'json',
  deliveryId: { pointer: '/id' },
  eventType: { pointer: '/type' },
  challenge: 'notion',
  samples: [
    {
      name: 'page.created',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
        timestamp: '2026-04-05T12:00:59.704Z',
        workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
        subscription_id: '29d75c0d-5546-4414-8459-7b7a92f1fc4b',
        type: 'page.created',
        authors: [{ id: 'c7c11cca-1d73-471d-9b6e-bdef51470190', type: 'person' }],
        attempt_number: 1,
        entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
      }),
    },
  ],
  proven: { by: 'official library', reference: '@notionhq/client 5.26.0: signWebhookPayload' },
};
