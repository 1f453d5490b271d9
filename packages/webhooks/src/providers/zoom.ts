import type { ProviderRecord } from '../provider.js';

export const zoom: ProviderRecord = {
  name: 'zoom',
  title: 'Zoom',
  documentation: 'https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events',
  scheme: {
    kind: 'hmac',
    header: 'x-zm-signature',
    prefix: 'v0=',
    signed: 'v0:{timestamp}:{body}',
    timestamp: { header: 'x-zm-request-timestamp' },
  },
  secretForm: 'The secret token of the app under Feature, Token.',
  body: 'json',
  eventType: { pointer: '/event' },
  challenge: 'zoom',
  samples: [
    {
      name: 'meeting.started',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        event: 'meeting.started',
        payload: {
          account_id: 'AAAAAABBBB',
          object: {
            id: '1234567890',
            uuid: '4444AAAiAAAAAiAiAiiAii==',
            host_id: 'x1yCzABCDEfg23HiJKl4mN',
            topic: 'My Meeting',
            type: 8,
          },
        },
        event_ts: 1775390459000,
      }),
    },
  ],
  proven: {
    by: 'official library',
    reference: '@zoom/rivet 0.4.0: AwsLambdaReceiver accepts the vector and refuses it with another body',
  },
};
