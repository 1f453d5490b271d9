import type { ProviderRecord } from '../provider.js';

export const dropbox: ProviderRecord = {
  name: 'dropbox',
  title: 'Dropbox',
  documentation: 'https://www.dropbox.com/developers/reference/webhooks#notifications',
  scheme: { kind: 'hmac', header: 'x-dropbox-signature' },
  secretForm: 'The app secret.',
  body: 'json',
  challenge: 'dropbox',
  samples: [
    {
      name: 'list_folder',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        list_folder: {
          accounts: ['dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc', 'dbid:AAGx4oiLtHdvRdNxUpvvJBXYgR4BS19c9kw'],
        },
        delta: { users: [12345678, 23456789] },
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason: 'The documentation shows code without a complete example, and no official library verifies it.',
  },
};
