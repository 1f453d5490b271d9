import type { ProviderRecord } from '../provider.js';

export const discord: ProviderRecord = {
  name: 'discord',
  title: 'Discord',
  documentation: 'https://docs.discord.com/developers/events/webhook-events',
  scheme: {
    kind: 'ed25519',
    header: 'x-signature-ed25519',
    signed: '{timestamp}{body}',
    timestamp: { header: 'x-signature-timestamp' },
  },
  secretForm: 'The public key of the application: 64 hexadecimal digits.',
  body: 'json',
  eventType: { pointer: '/event/type' },
  challenge: 'discord',
  samples: [
    {
      name: 'APPLICATION_AUTHORIZED',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        version: 1,
        application_id: '1234560123453231555',
        type: 1,
        event: {
          type: 'APPLICATION_AUTHORIZED',
          timestamp: '2026-04-05T12:00:59.132998',
          data: {
            integration_type: 1,
            scopes: ['applications.commands'],
            user: { id: '157370112212344833', username: 'discorduser' },
          },
        },
      }),
    },
  ],
  proven: { by: 'official library', reference: 'discord-interactions 4.4.0: verifyKey, in the tests' },
};
