import type { ProviderRecord } from '../provider.js';

export const resend: ProviderRecord = {
  name: 'resend',
  title: 'Resend',
  documentation: 'https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests',
  scheme: { kind: 'standard-webhooks', headerPrefix: 'svix' },
  secretForm: 'The signing secret of the webhook, whsec_….',
  body: 'json',
  deliveryId: { header: 'svix-id' },
  eventType: { pointer: '/type' },
  samples: [
    {
      name: 'email.delivered',
      headers: { 'content-type': 'application/json', 'svix-id': 'msg_2dEvNa1xB5mQ3h1dW3x0yq0Yy3P' },
      body: JSON.stringify({
        type: 'email.delivered',
        created_at: '2026-04-05T12:00:59.443Z',
        data: {
          email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
          from: 'Acme <onboarding@resend.dev>',
          to: ['delivered@resend.dev'],
          subject: 'Sending this example',
        },
      }),
    },
  ],
  proven: {
    by: 'official library',
    reference: 'svix/svix-webhooks: server/svix-server/src/worker.rs; both providers send through Svix',
  },
};
