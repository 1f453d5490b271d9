import type { ProviderRecord } from '../provider.js';

export const twilio: ProviderRecord = {
  name: 'twilio',
  title: 'Twilio',
  documentation: 'https://www.twilio.com/docs/usage/security#validating-requests',
  scheme: { kind: 'twilio' },
  secretForm: 'The auth token of the account.',
  body: 'form',
  deliveryId: { header: 'i-twilio-idempotency-token' },
  eventType: { form: 'MessageStatus' },
  notes:
    'The signature covers the public address: behind a proxy the gateway must know it. Names and values of a form are signed without anything between them.',
  samples: [
    {
      name: 'sms-status',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'i-twilio-idempotency-token': '1f0b5c92-2b0a-4a0c-9e43-7f7f0a3a1e2d',
      },
      body: 'AccountSid=AC00000000000000000000000000000000&From=%2B15017250604&MessageSid=SM00000000000000000000000000000000&MessageStatus=delivered&To=%2B15558675310',
    },
  ],
  proven: { by: 'official library', reference: 'twilio/twilio-node: spec/validation.spec.js' },
};
