import type { ProviderRecord } from '../provider.js';

export const intercom: ProviderRecord = {
  name: 'intercom',
  title: 'Intercom',
  documentation: 'https://developers.intercom.com/docs/references/webhooks/webhook-models',
  scheme: { kind: 'hmac', header: 'x-hub-signature', algorithm: 'sha1', prefix: 'sha1=' },
  secretForm: 'The client secret of the app.',
  body: 'json',
  deliveryId: { pointer: '/id' },
  eventType: { pointer: '/topic' },
  notes: 'The first webhook after saving is a ping with the topic "ping".',
  samples: [
    {
      name: 'conversation.user.created',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'notification_event',
        app_id: 'abc123',
        id: 'notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3',
        topic: 'conversation.user.created',
        delivery_attempts: 1,
        created_at: 1775390459,
        data: { type: 'notification_event_data', item: { type: 'conversation', id: '123', state: 'open' } },
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason:
      'The documentation shows the form (HMAC-SHA1, sha1=…) without a complete example, and no official library verifies it.',
  },
};
