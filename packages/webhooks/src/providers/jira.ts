import type { ProviderRecord } from '../provider.js';

export const jira: ProviderRecord = {
  name: 'jira',
  title: 'Jira Cloud',
  documentation: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks',
  scheme: { kind: 'hmac', header: 'x-hub-signature', prefix: 'sha256=' },
  secretForm: 'The secret entered for the webhook under System, WebHooks.',
  body: 'json',
  deliveryId: { header: 'x-atlassian-webhook-identifier' },
  eventType: { pointer: '/webhookEvent' },
  notes: 'Only webhooks an administrator made with a secret are signed, not those of Connect and OAuth apps.',
  samples: [
    {
      name: 'jira:issue_created',
      headers: {
        'content-type': 'application/json',
        'x-atlassian-webhook-identifier': '7f6b9a3e-1f64-4b8a-9d57-b0a9d9e7c1f0',
        'x-atlassian-webhook-flow': 'Primary',
      },
      body: JSON.stringify({
        timestamp: 1775390459000,
        webhookEvent: 'jira:issue_created',
        issue_event_type_name: 'issue_created',
        user: { displayName: 'Bryan Rollins' },
        issue: {
          id: '99291',
          key: 'JRA-20002',
          fields: { summary: 'I feel the need for speed', priority: { name: 'High' } },
        },
      }),
    },
  ],
  proven: {
    by: 'documentation',
    reference:
      'The test values of the linked page: secret "It\'s a Secret to Everybody", payload "Hello World!"',
  },
};
