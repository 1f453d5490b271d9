import type { ProviderRecord } from '../provider.js';

export const sentry: ProviderRecord = {
  name: 'sentry',
  title: 'Sentry',
  documentation:
    'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/#request-headers',
  scheme: { kind: 'hmac', header: 'sentry-hook-signature' },
  secretForm: 'The client secret of the internal or public integration.',
  body: 'json',
  deliveryId: { header: 'request-id' },
  eventType: { header: 'sentry-hook-resource' },
  notes: 'The time in Sentry-Hook-Timestamp is not covered by the signature and is not looked at.',
  samples: [
    {
      name: 'issue',
      headers: {
        'content-type': 'application/json',
        'request-id': 'b5f3c5f0-6d3b-4f0c-8b3a-2d5d0f9a6c11',
        'sentry-hook-resource': 'issue',
        'sentry-hook-timestamp': '1775390459',
      },
      body: JSON.stringify({
        action: 'created',
        installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
        data: {
          issue: {
            id: '1170820242',
            title: 'ReferenceError: heck is not defined',
            level: 'error',
            status: 'unresolved',
            project: { id: '1', slug: 'front-end' },
          },
        },
        actor: { type: 'application', id: 'sentry', name: 'Sentry' },
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason: 'The documentation shows code without a complete example, and no official library verifies it.',
  },
};
