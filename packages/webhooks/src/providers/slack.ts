import type { ProviderRecord } from '../provider.js';

export const slack: ProviderRecord = {
  name: 'slack',
  title: 'Slack',
  documentation: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
  scheme: {
    kind: 'hmac',
    header: 'x-slack-signature',
    prefix: 'v0=',
    signed: 'v0:{timestamp}:{body}',
    timestamp: { header: 'x-slack-request-timestamp' },
  },
  secretForm: 'The signing secret of the app under Basic Information.',
  body: 'json',
  deliveryId: { pointer: '/event_id' },
  eventType: { pointer: '/event/type' },
  challenge: 'slack',
  notes: 'This is the Events API. Slash commands are signed alike and come as forms.',
  samples: [
    {
      name: 'app_mention',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token: 'ZZZZZZWSxiZZZ2yIvs3peJ',
        team_id: 'T123ABC456',
        api_app_id: 'A123ABC456',
        event: {
          type: 'app_mention',
          user: 'U123ABC456',
          text: 'What is the hour of the pearl, <@U0LAN0Z89>?',
          ts: '1775390459.000113',
          channel: 'C123ABC456',
        },
        type: 'event_callback',
        event_id: 'Ev123ABC456',
        event_time: 1775390459,
      }),
    },
  ],
  proven: { by: 'documentation', reference: 'The worked example of the linked page' },
};
