import type { ProviderRecord } from '../provider.js';

export const gitlab: ProviderRecord = {
  name: 'gitlab',
  title: 'GitLab',
  documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  scheme: { kind: 'token', header: 'x-gitlab-token' },
  secretForm: 'The secret token entered for the webhook; GitLab sends it as it is.',
  body: 'json',
  deliveryId: { header: 'idempotency-key' },
  eventType: { header: 'x-gitlab-event' },
  notes:
    'A token proves the sender, not the body. With a signing token GitLab follows Standard Webhooks: use that provider then.',
  samples: [
    {
      name: 'Push Hook',
      headers: {
        'content-type': 'application/json',
        'x-gitlab-event': 'Push Hook',
        'x-gitlab-event-uuid': '13792a34-cac6-4fda-95a8-c58e00a3954e',
        'idempotency-key': 'f5e57d7a-0b8f-4c5b-a8c5-4d2d4a0a3f3e',
        'x-gitlab-instance': 'https://gitlab.com',
      },
      body: JSON.stringify({
        object_kind: 'push',
        event_name: 'push',
        ref: 'refs/heads/main',
        checkout_sha: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
        user_username: 'jsmith',
        project: { id: 15, path_with_namespace: 'mike/diaspora' },
        total_commits_count: 4,
      }),
    },
  ],
  proven: {
    by: 'documentation',
    reference: 'Nothing is computed: the linked page says that the token itself stands in X-Gitlab-Token',
  },
};
