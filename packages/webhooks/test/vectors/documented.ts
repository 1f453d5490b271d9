import type { Vector } from './vector.js';

const everybody = "It's a Secret to Everybody";

/** Vectors of the providers' documentation and of the standards it names. */
export const documented: readonly Vector[] = [
  {
    provider: 'github',
    name: 'Hello, World!',
    from: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation',
    body: 'Hello, World!',
    headers: {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    signature: ['x-hub-signature-256'],
    secret: everybody,
    nowMs: 0,
    covers: 'body',
  },
  ...['bitbucket', 'jira'].map((provider): Vector => ({
    provider,
    name: 'Hello World!',
    from:
      provider === 'jira'
        ? 'https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks'
        : 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/#Secure-webhooks',
    body: 'Hello World!',
    headers: {
      'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
    },
    signature: ['x-hub-signature'],
    secret: everybody,
    nowMs: 0,
    covers: 'body',
  })),
  {
    provider: 'slack',
    name: 'a slash command',
    from: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    body:
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&' +
      'channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&' +
      'response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&' +
      'trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    headers: {
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      'x-slack-request-timestamp': '1531420618',
    },
    signature: ['x-slack-signature', 'x-slack-request-timestamp'],
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    nowMs: 1_531_420_618_000,
    covers: 'body',
  },
  {
    provider: 'gitlab',
    name: 'the token itself',
    from: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
    body: '{"object_kind":"push"}',
    headers: { 'x-gitlab-token': 'glwt-example-token' },
    signature: ['x-gitlab-token'],
    secret: 'glwt-example-token',
    nowMs: 0,
    covers: 'sender',
  },
  {
    provider: 'alertmanager',
    name: 'Aladdin',
    from: 'https://www.rfc-editor.org/rfc/rfc7617#section-2',
    body: '{}',
    headers: { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
    signature: ['authorization'],
    secret: 'Aladdin:open sesame',
    nowMs: 0,
    covers: 'sender',
  },
  {
    provider: 'alertmanager',
    name: 'a password in UTF-8',
    from: 'https://www.rfc-editor.org/rfc/rfc7617#section-2.1',
    body: '{}',
    headers: { authorization: 'Basic dGVzdDoxMjPCow==' },
    signature: ['authorization'],
    secret: 'test:123\u00a3',
    nowMs: 0,
    covers: 'sender',
  },
  {
    provider: 'cloudevents',
    name: 'a bearer token in the header',
    from: 'https://www.rfc-editor.org/rfc/rfc6750#section-2.1',
    body: '{}',
    headers: { authorization: 'Bearer mF_9.B5f-4.1JqM' },
    signature: ['authorization'],
    secret: 'mF_9.B5f-4.1JqM',
    nowMs: 0,
    covers: 'sender',
  },
  {
    provider: 'cloudevents',
    name: 'a bearer token in the address',
    from: 'https://www.rfc-editor.org/rfc/rfc6750#section-2.3',
    body: '{}',
    headers: {},
    signature: [],
    url: 'https://server.example.com/resource?access_token=mF_9.B5f-4.1JqM',
    secret: 'mF_9.B5f-4.1JqM',
    nowMs: 0,
    covers: 'sender',
  },
];
