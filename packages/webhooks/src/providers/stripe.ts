import type { ProviderRecord } from '../provider.js';

export const stripe: ProviderRecord = {
  name: 'stripe',
  title: 'Stripe',
  documentation: 'https://docs.stripe.com/webhooks/signature',
  scheme: {
    kind: 'hmac',
    header: 'stripe-signature',
    field: 'v1',
    signed: '{timestamp}.{body}',
    timestamp: { field: 't' },
  },
  secretForm: 'The signing secret of the endpoint, whsec_… as it is shown; one for each endpoint.',
  body: 'json',
  deliveryId: { pointer: '/id' },
  eventType: { pointer: '/type' },
  samples: [
    {
      name: 'customer.subscription.created',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
        object: 'event',
        api_version: '2026-02-25',
        created: 1775390459,
        type: 'customer.subscription.created',
        livemode: false,
        data: {
          object: {
            id: 'sub_1MowQVLkdIwHu7ixeRlqHVzs',
            object: 'subscription',
            customer: 'cus_Na6dX7aXxi11N4',
            status: 'trialing',
            trial_start: 1775390459,
            trial_end: 1776600059,
          },
        },
      }),
    },
  ],
  proven: { by: 'official library', reference: 'stripe 23.1.0: webhooks.generateTestHeaderString' },
};
