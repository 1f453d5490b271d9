import type { ProviderRecord } from '../provider.js';

export const meta: ProviderRecord = {
  name: 'meta',
  title: 'Meta (WhatsApp, Messenger, Instagram)',
  documentation: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads',
  scheme: { kind: 'hmac', header: 'x-hub-signature-256', prefix: 'sha256=' },
  secretForm: 'The app secret. The verify token of the address check is another text of your choice.',
  body: 'json',
  eventType: { pointer: '/object' },
  challenge: 'meta',
  notes:
    'Meta signs the body with non-ASCII characters escaped as it sends it: the raw bytes. One webhook holds many changes.',
  samples: [
    {
      name: 'messages',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [
          {
            id: '102290129340398',
            changes: [
              {
                field: 'messages',
                value: {
                  messaging_product: 'whatsapp',
                  metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
                  messages: [
                    {
                      from: '16505551234',
                      id: 'wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=',
                      timestamp: '1775390459',
                      type: 'text',
                      text: { body: 'Does it come in another color?' },
                    },
                  ],
                },
              },
            ],
          },
        ],
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason:
      'The documentation describes the computation without a complete example; the form is that of GitHub, which is proven.',
  },
};
