import type { ProviderRecord } from '../provider.js';

export const docusign: ProviderRecord = {
  name: 'docusign',
  title: 'DocuSign Connect',
  documentation: 'https://developers.docusign.com/platform/webhooks/connect/hmac/',
  scheme: {
    kind: 'hmac',
    header: [
      'x-docusign-signature-1',
      'x-docusign-signature-2',
      'x-docusign-signature-3',
      'x-docusign-signature-4',
      'x-docusign-signature-5',
      'x-docusign-signature-6',
      'x-docusign-signature-7',
      'x-docusign-signature-8',
      'x-docusign-signature-9',
      'x-docusign-signature-10',
    ],
    encoding: 'base64',
  },
  secretForm: 'A Connect key of the account; DocuSign signs with every key, each in a header of its own.',
  body: 'json',
  eventType: { pointer: '/event' },
  notes:
    'The body counts attempts (retryCount), so a repeat has another hash: map an id of your own, such as the envelope and its event. Keys beyond the tenth are not read.',
  samples: [
    {
      name: 'envelope-completed',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        event: 'envelope-completed',
        apiVersion: 'v2.1',
        uri: '/restapi/v2.1/accounts/11111111-2222-3333-4444-555555555555/envelopes/66666666-7777-8888-9999-000000000000',
        retryCount: 0,
        configurationId: 10418598,
        generatedDateTime: '2026-04-05T12:00:59.000Z',
        data: {
          accountId: '11111111-2222-3333-4444-555555555555',
          envelopeId: '66666666-7777-8888-9999-000000000000',
        },
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason: 'The documentation shows code without a complete example, and no official library verifies it.',
  },
};
