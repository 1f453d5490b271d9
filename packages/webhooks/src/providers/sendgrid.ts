import type { ProviderRecord } from '../provider.js';

export const sendgrid: ProviderRecord = {
  name: 'sendgrid',
  title: 'Twilio SendGrid',
  documentation:
    'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
  scheme: {
    kind: 'ecdsa',
    header: 'x-twilio-email-event-webhook-signature',
    signed: '{timestamp}{body}',
    timestamp: { header: 'x-twilio-email-event-webhook-timestamp' },
  },
  secretForm: 'The public key shown for the event webhook once Signed Event Webhook is switched on: base64.',
  body: 'json',
  eventType: { pointer: '/0/event' },
  notes: 'One webhook holds many events; each has an sg_event_id.',
  samples: [
    {
      name: 'processed',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        {
          email: 'example@test.com',
          timestamp: 1775390459,
          'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
          event: 'processed',
          category: ['cat facts'],
          sg_event_id: 'rbtnWrG1DVDGGGFHFyun0A==',
          sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.000000000000000000000',
        },
      ]),
    },
  ],
  proven: {
    by: 'official library',
    reference: 'sendgrid/sendgrid-nodejs: packages/eventwebhook/src/eventwebhook.spec.js',
  },
};
