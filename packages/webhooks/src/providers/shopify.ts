import type { ProviderRecord } from '../provider.js';

export const shopify: ProviderRecord = {
  name: 'shopify',
  title: 'Shopify',
  documentation: 'https://shopify.dev/docs/apps/build/webhooks/subscribe/https',
  scheme: { kind: 'hmac', header: 'x-shopify-hmac-sha256', encoding: 'base64' },
  secretForm: 'The client secret of the app; for webhooks made in the admin, the secret shown there.',
  body: 'json',
  deliveryId: { header: 'x-shopify-webhook-id' },
  eventType: { header: 'x-shopify-topic' },
  samples: [
    {
      name: 'orders/create',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': 'orders/create',
        'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
        'x-shopify-event-id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
        'x-shopify-shop-domain': 'example.myshopify.com',
        'x-shopify-api-version': '2026-01',
        'x-shopify-triggered-at': '2026-04-05T12:00:59.000Z',
      },
      body: JSON.stringify({
        id: 820982911946,
        email: 'jon@example.com',
        currency: 'USD',
        total_price: '199.65',
        line_items: [{ id: 866550311766, quantity: 1, sku: 'IPOD2008PINK' }],
      }),
    },
  ],
  proven: { by: 'official library', reference: 'Shopify/shopify-api-php: tests/Webhooks/RegistryTest.php' },
};
