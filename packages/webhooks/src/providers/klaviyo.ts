import type { ProviderRecord } from '../provider.js';

export const klaviyo: ProviderRecord = {
  name: 'klaviyo',
  title: 'Klaviyo',
  documentation: 'https://developers.klaviyo.com/en/docs/working_with_system_webhooks',
  scheme: { kind: 'hmac', header: 'klaviyo-signature', signed: '{body}{header:klaviyo-timestamp}' },
  secretForm: 'The secret given when the webhook was made, at least 16 characters.',
  body: 'json',
  eventType: { pointer: '/data/0/topic' },
  notes: 'The signed time has no documented form and is not looked at: no protection against replay.',
  samples: [
    {
      name: 'event:klaviyo.sent_sms',
      headers: {
        'content-type': 'application/json',
        'klaviyo-webhook-id': '01HMA7J8YVYH2GZ0N5A7CJ4M3K',
        'klaviyo-timestamp': 'Sun, 05 Apr 2026 12:01:00 GMT',
      },
      body: JSON.stringify({
        data: [
          {
            external_id: '4vRpBT',
            topic: 'event:klaviyo.sent_sms',
            payload: {
              data: {
                type: 'event',
                id: '4vRpBT',
                attributes: { timestamp: 1775390459, event_properties: { 'Message Name': 'Welcome' } },
              },
            },
          },
        ],
        meta: {
          klaviyo_account_id: 'ABC123',
          klaviyo_webhook_id: '01HMA7J8YVYH2GZ0N5A7CJ4M3K',
          timestamp: '2026-04-05T12:01:00.000000+00:00',
        },
      }),
    },
  ],
  proven: { by: 'nothing', reason: 'The example of the documentation has a signature but not its secret.' },
};
