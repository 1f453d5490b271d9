import type { ProviderRecord } from '../provider.js';

export const clerk: ProviderRecord = {
  name: 'clerk',
  title: 'Clerk',
  documentation: 'https://clerk.com/docs/webhooks/sync-data',
  scheme: { kind: 'standard-webhooks', headerPrefix: 'svix' },
  secretForm: 'The signing secret of the endpoint, whsec_….',
  body: 'json',
  deliveryId: { header: 'svix-id' },
  eventType: { pointer: '/type' },
  samples: [
    {
      name: 'user.created',
      headers: { 'content-type': 'application/json', 'svix-id': 'msg_2dEvNVQfQ2kD8j8vVzC5v4nC2Zy' },
      body: JSON.stringify({
        object: 'event',
        type: 'user.created',
        timestamp: 1775390459000,
        instance_id: 'ins_123',
        data: {
          id: 'user_29w83sxmDNGwOuEthce5gg56FcC',
          object: 'user',
          first_name: 'Example',
          email_addresses: [{ id: 'idn_29w83yL7CwVlJXylYLxcslromF1', email_address: 'example@example.org' }],
        },
      }),
    },
  ],
  proven: {
    by: 'official library',
    reference: 'svix/svix-webhooks: server/svix-server/src/worker.rs; both providers send through Svix',
  },
};
