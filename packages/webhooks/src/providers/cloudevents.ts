import type { ProviderRecord } from '../provider.js';

export const cloudevents: ProviderRecord = {
  name: 'cloudevents',
  title: 'CloudEvents over HTTP',
  documentation: 'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md',
  scheme: { kind: 'token', header: 'authorization', prefix: 'Bearer ', query: 'access_token' },
  secretForm:
    'The access token the sender was given; sent as bearer token or, worse, as parameter access_token.',
  body: 'json',
  deliveryId: { header: 'ce-id' },
  eventType: { header: 'ce-type' },
  challenge: 'cloudevents',
  notes:
    'Binary mode, the data in the body; for structured mode read /id and /type. A token proves the sender, not the body.',
  samples: [
    {
      name: 'com.example.someevent',
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-type': 'com.example.someevent',
        'ce-source': '/mycontext',
        'ce-id': 'A234-1234-1234',
        'ce-time': '2026-04-05T12:00:59Z',
      },
      body: JSON.stringify({ temperature: 21.5 }),
    },
  ],
  proven: {
    by: 'documentation',
    reference:
      'RFC 6750, sections 2.1 and 2.3, which the linked specification names: token "mF_9.B5f-4.1JqM"',
  },
};
