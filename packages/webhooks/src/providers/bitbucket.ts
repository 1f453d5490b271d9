import type { ProviderRecord } from '../provider.js';

export const bitbucket: ProviderRecord = {
  name: 'bitbucket',
  title: 'Bitbucket Cloud',
  documentation: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/#Secure-webhooks',
  scheme: { kind: 'hmac', header: 'x-hub-signature', prefix: 'sha256=' },
  secretForm: 'The secret entered for the webhook under Repository settings, Webhooks.',
  body: 'json',
  deliveryId: { header: 'x-request-uuid' },
  eventType: { header: 'x-event-key' },
  samples: [
    {
      name: 'repo:push',
      headers: {
        'content-type': 'application/json',
        'x-event-key': 'repo:push',
        'x-request-uuid': '1c6ba4a2-3f6a-4a52-9f0f-2f3fbb8d2f1e',
        'x-hook-uuid': 'b4a1a1b8-6a9f-4c5e-8a12-3d5a1c1b2f11',
        'x-attempt-number': '1',
      },
      body: JSON.stringify({
        actor: { display_name: 'Emma', type: 'user' },
        repository: { full_name: 'team_name/repo_name', type: 'repository' },
        push: { changes: [{ created: false, closed: false, forced: false }] },
      }),
    },
  ],
  proven: {
    by: 'documentation',
    reference:
      'The test values of the linked page: secret "It\'s a Secret to Everybody", payload "Hello World!"',
  },
};
