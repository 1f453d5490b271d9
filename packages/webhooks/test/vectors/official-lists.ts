import type { Vector } from './vector.js';

const paddle = {
  provider: 'paddle',
  from: 'PaddleHQ/paddle-node-sdk: src/__tests__/notifications/webhooks-validator.edge.test.ts',
  signature: ['paddle-signature'],
  secret: 'VALID_SECRET',
  nowMs: 1_698_796_800_000,
  covers: 'body',
} as const;

/** Svix' own vectors under one of the two families of header names. */
const svix = (provider: string, prefix: string, version: 'v1' | 'v1a'): Vector => ({
  provider,
  name: version,
  from: 'svix/svix-webhooks: server/svix-server/src/worker.rs; key pair: README.md',
  body: '{"test": 2432232314}',
  headers: {
    [`${prefix}-id`]: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    [`${prefix}-timestamp`]: '1614265330',
    [`${prefix}-signature`]:
      version === 'v1'
        ? 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
        : 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  },
  signature: [`${prefix}-id`, `${prefix}-timestamp`, `${prefix}-signature`],
  secret:
    version === 'v1'
      ? 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
      : 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
  nowMs: 1_614_265_330_000,
  covers: 'body',
});

/** Vectors of the providers' own libraries whose header is a list of signatures. */
export const officialLists: readonly Vector[] = [
  {
    ...paddle,
    name: 'one signature',
    body: '{"data": ["1", "2"]}',
    headers: {
      'paddle-signature': 'ts=1698796800;h1=a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9',
    },
  },
  {
    ...paddle,
    name: 'two signatures and one of another version',
    body: '{"data": "value"}',
    headers: {
      'paddle-signature':
        'ts=1698796800;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h2=RANDOM_HASH',
    },
    several: true,
  },
  svix('clerk', 'svix', 'v1'),
  svix('resend', 'svix', 'v1'),
  svix('standard-webhooks', 'webhook', 'v1'),
  svix('standard-webhooks', 'webhook', 'v1a'),
];
