import type { ProviderRecord } from '../provider.js';

export const typeform: ProviderRecord = {
  name: 'typeform',
  title: 'Typeform',
  documentation: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
  scheme: { kind: 'hmac', header: 'typeform-signature', encoding: 'base64', prefix: 'sha256=' },
  secretForm: 'The secret entered for the webhook.',
  body: 'json',
  deliveryId: { pointer: '/event_id' },
  eventType: { pointer: '/event_type' },
  samples: [
    {
      name: 'form_response',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        event_id: 'LtWXD3crgy',
        event_type: 'form_response',
        form_response: {
          form_id: 'lT4Z3j',
          token: 'a3a12ec67a1365927098a606107fac15',
          submitted_at: '2026-04-05T12:00:59Z',
          answers: [
            { type: 'text', text: 'Job opportunities', field: { id: 'DlXFaesGBpoF', type: 'long_text' } },
          ],
        },
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason:
      'The documentation describes the computation without a complete example, and no official library verifies it.',
  },
};
