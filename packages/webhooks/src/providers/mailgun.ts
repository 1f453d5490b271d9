import type { ProviderRecord } from '../provider.js';

export const mailgun: ProviderRecord = {
  name: 'mailgun',
  title: 'Mailgun',
  documentation: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
  scheme: { kind: 'mailgun' },
  secretForm: 'The HTTP webhook signing key of the account.',
  body: 'json',
  deliveryId: { pointer: '/signature/token' },
  eventType: { pointer: '/event-data/event' },
  notes:
    'The signature covers a time and a token, not the event. The token is the delivery id here, so that a signature counts once.',
  samples: [
    {
      name: 'delivered',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        signature: {
          timestamp: '1775390460',
          token: 'a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0',
          signature: '0000000000000000000000000000000000000000000000000000000000000000',
        },
        'event-data': {
          event: 'delivered',
          id: 'CPgfbmQMTCKtHW6uIWtuVe',
          timestamp: 1775390459.329574,
          recipient: 'alice@example.com',
          message: { headers: { 'message-id': '20130503182626.18666.16540@example.com' } },
        },
      }),
    },
  ],
  proven: { by: 'official library', reference: 'mailgun/mailgun-php: tests/Api/WebhookTest.php' },
};
