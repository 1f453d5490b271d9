import type { ProviderRecord } from '../provider.js';

export const zendesk: ProviderRecord = {
  name: 'zendesk',
  title: 'Zendesk',
  documentation: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
  scheme: {
    kind: 'hmac',
    header: 'x-zendesk-webhook-signature',
    encoding: 'base64',
    signed: '{timestamp}{body}',
    timestamp: { header: 'x-zendesk-webhook-signature-timestamp', unit: 'rfc3339' },
  },
  secretForm: 'The signing secret of the webhook in the Admin Center; used as it is, not decoded.',
  body: 'json',
  deliveryId: { header: 'x-zendesk-webhook-invocation-id' },
  eventType: { pointer: '/type' },
  samples: [
    {
      name: 'ticket.status_changed',
      headers: {
        'content-type': 'application/json',
        'x-zendesk-webhook-id': '01F1KRFQ6BG29CNWFR60NK5FNY',
        'x-zendesk-webhook-invocation-id': '8350205582',
        'x-zendesk-account-id': '123456',
      },
      body: JSON.stringify({
        account_id: 123456,
        id: '5ee3a4d6-8c7c-4d7e-9a5e-1d2e4c6b7a10',
        type: 'zen:event-type:ticket.status_changed',
        time: '2026-04-05T12:00:59.000Z',
        subject: 'zen:ticket:5158',
        detail: { id: '5158', status: 'SOLVED', priority: 'HIGH' },
        event: { current: 'SOLVED', previous: 'OPEN' },
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason:
      'The one published vector belongs to an older page that signed the body before the time; the page of today signs the time first and shows no vector.',
  },
};
