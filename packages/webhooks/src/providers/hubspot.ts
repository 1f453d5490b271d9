import type { ProviderRecord } from '../provider.js';

export const hubspot: ProviderRecord = {
  name: 'hubspot',
  title: 'HubSpot',
  documentation: 'https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests',
  scheme: {
    kind: 'hmac',
    header: 'x-hubspot-signature-v3',
    encoding: 'base64',
    signed: '{method}{decodedUrl}{body}{timestamp}',
    timestamp: { header: 'x-hubspot-request-timestamp', unit: 'ms' },
  },
  secretForm: 'The client secret of the app.',
  body: 'json',
  eventType: { pointer: '/0/subscriptionType' },
  notes:
    'Version 3 of the signature, which covers the public address: behind a proxy the gateway must know it. One webhook holds up to 100 events.',
  samples: [
    {
      name: 'contact.creation',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        {
          objectId: 1246965,
          eventId: 3816279340,
          subscriptionId: 25,
          portalId: 33,
          appId: 1160452,
          occurredAt: 1775390459000,
          subscriptionType: 'contact.creation',
          attemptNumber: 0,
          changeSource: 'CRM',
        },
      ]),
    },
  ],
  proven: {
    by: 'official library',
    reference: 'HubSpot/hubspot-api-python: tests/spec/utils/test_signature.py',
  },
};
