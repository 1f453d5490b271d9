import type { ProviderRecord } from '../provider.js';

export const github: ProviderRecord = {
  name: 'github',
  title: 'GitHub',
  documentation: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
  scheme: { kind: 'hmac', header: 'x-hub-signature-256', prefix: 'sha256=' },
  secretForm: 'The secret entered for the webhook under Settings, Webhooks.',
  body: 'json',
  deliveryId: { header: 'x-github-delivery' },
  eventType: { header: 'x-github-event' },
  notes: 'Choose the content type application/json. The delivery id is not covered by the signature.',
  samples: [
    {
      name: 'issues',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        'x-github-hook-id': '292430182',
      },
      body: JSON.stringify({
        action: 'opened',
        issue: { number: 1347, title: 'Spelling error in the README file', state: 'open' },
        repository: { id: 1296269, full_name: 'octocat/Hello-World' },
        sender: { login: 'octocat', id: 1 },
      }),
    },
    {
      name: 'ping',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-github-delivery': '0b989ba4-242f-11e5-81e1-c7b6966d2516',
      },
      body: JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 292430182 }),
    },
  ],
  proven: {
    by: 'documentation',
    reference:
      'The test values of the linked page: secret "It\'s a Secret to Everybody", payload "Hello, World!"',
  },
};
