import type { Vector } from './vector.js';

const incident =
  '{"event":{"id":"01BWDWL3NYY7LUFPZCC28QUCMK","event_type":"incident.priority_updated","resource_type":"incident","occurred_at":"2021-04-26T17:36:27.458Z","agent":{"html_url":"https://acme.pagerduty.com/users/PLH1HKV","id":"PLH1HKV","self":"https://api.pagerduty.com/users/PLH1HKV","summary":"Tenex Engineer","type":"user_reference"},"client":null,"data":{"id":"PGR0VU2","type":"incident","self":"https://api.pagerduty.com/incidents/PGR0VU2","html_url":"https://acme.pagerduty.com/incidents/PGR0VU2","number":2,"status":"triggered","title":"A little bump in the road","service":{"html_url":"https://acme.pagerduty.com/services/PF9KMXH","id":"PF9KMXH","self":"https://api.pagerduty.com/services/PF9KMXH","summary":"API Service","type":"service_reference"},"assignees":[{"html_url":"https://acme.pagerduty.com/users/PTUXL6G","id":"PTUXL6G","self":"https://api.pagerduty.com/users/PTUXL6G","summary":"User 123","type":"user_reference"}],"escalation_policy":{"html_url":"https://acme.pagerduty.com/escalation_policies/PUS0KTE","id":"PUS0KTE","self":"https://api.pagerduty.com/escalation_policies/PUS0KTE","summary":"Default","type":"escalation_policy_reference"},"teams":[{"html_url":"https://acme.pagerduty.com/teams/PFCVPS0","id":"PFCVPS0","self":"https://api.pagerduty.com/teams/PFCVPS0","summary":"Engineering","type":"team_reference"}],"priority":{"html_url":"https://acme.pagerduty.com/account/incident_priorities","id":"PSO75BM","self":"https://api.pagerduty.com/priorities/PSO75BM","summary":"P1","type":"priority_reference"},"urgency":"high","conference_bridge":{"conference_number":1000,"conference_url":"https://example.com"},"resolve_reason":null}}}';

const dropped =
  '[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n';

/** Vectors in the tests of the providers' own libraries, and ones these libraries made or accepted. */
export const official: readonly Vector[] = [
  {
    provider: 'stripe',
    name: 'a subscription',
    from: 'stripe 23.1.0: webhooks.generateTestHeaderString({ payload, secret, timestamp: 1775390460 })',
    body: '{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","type":"customer.subscription.created"}',
    headers: {
      'stripe-signature': 't=1775390460,v1=837a38a86207b248362e851d8de322bc16f7716268873c96d52a6feb5544b438',
    },
    signature: ['stripe-signature'],
    secret: 'whsec_test_secret',
    nowMs: 1_775_390_460_000,
    covers: 'body',
  },
  {
    provider: 'shopify',
    name: 'products/update',
    from: 'Shopify/shopify-api-php: tests/Webhooks/RegistryTest.php',
    body: '{"foo":"bar"}',
    headers: { 'x-shopify-hmac-sha256': '+R9TwYM4mbLTk3hEAOBkpA7zW2lc9vNFmVKs2u2jtyY=' },
    signature: ['x-shopify-hmac-sha256'],
    secret: '7008c5f4da4718b9b45d26d3fcbbb157',
    nowMs: 0,
    covers: 'body',
  },
  {
    provider: 'sendgrid',
    name: 'a dropped mail',
    from: 'sendgrid/sendgrid-nodejs: packages/eventwebhook/src/eventwebhook.spec.js',
    body: dropped,
    headers: {
      'x-twilio-email-event-webhook-signature':
        'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
      'x-twilio-email-event-webhook-timestamp': '1600112502',
    },
    signature: ['x-twilio-email-event-webhook-signature', 'x-twilio-email-event-webhook-timestamp'],
    secret:
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
    nowMs: 1_600_112_502_000,
    covers: 'body',
  },
  {
    provider: 'mailgun',
    name: 'time and token',
    from: 'mailgun/mailgun-php: tests/Api/WebhookTest.php',
    body: '{"signature":{"timestamp":"1403645220","token":"5egbgr1vjgqxtrnp65xfznchgdccwh5d6i09vijqi3whgowmn6","signature":"9cfc5c41582e51246e73c88d34db3af0a3a2692a76fbab81492842f000256d33"},"event-data":{"event":"opened"}}',
    headers: {},
    signature: [],
    secret: 'key-3ax6xnjp29jd6fds4gc373sgvjxteol0',
    nowMs: 1_403_645_220_000,
    covers: 'sender',
  },
  {
    provider: 'pagerduty',
    name: 'an incident',
    from: 'PagerDuty/go-pagerduty: webhookv3/webhookv3_test.go',
    body: incident,
    headers: {
      'x-pagerduty-signature': 'v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd',
    },
    signature: ['x-pagerduty-signature'],
    secret: 'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK',
    nowMs: 0,
    covers: 'body',
  },
  {
    provider: 'linear',
    name: 'a comment',
    from: '@linear/sdk 98.0.0: LinearWebhookClient.verify accepts it at that time',
    body: '{"action":"create","type":"Comment","organizationId":"9c3ec4f8-4d2c-4a0f-8f5e-1d6b7c9e0a11","data":{"id":"2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9","body":"Please look at this."},"webhookTimestamp":1775390460000}',
    headers: {
      'linear-signature': 'a5092fdac4b417c56e48fe1566da1e61a09d1a51b9b4d7554b6ef5e7d5c6510f',
    },
    signature: ['linear-signature'],
    secret: 'lin_wh_example_secret',
    nowMs: 1_775_390_460_000,
    covers: 'body',
  },
  {
    provider: 'zoom',
    name: 'a meeting',
    from: '@zoom/rivet 0.4.0: AwsLambdaReceiver accepts it',
    body: '{"event":"meeting.started","payload":{"account_id":"abc8DEFghij","object":{"id":"1234567890","topic":"Stand-up"}},"event_ts":1775390459000}',
    headers: {
      'x-zm-signature': 'v0=59a87d092d87ff543d79e394960fdcbc0364678c2fdf8c72839687ee9da2ab9f',
      'x-zm-request-timestamp': '1775390460',
    },
    signature: ['x-zm-signature', 'x-zm-request-timestamp'],
    secret: 'zoom-secret-token',
    nowMs: 1_775_390_460_000,
    covers: 'body',
  },
  {
    provider: 'grafana',
    name: 'with a time',
    from: 'grafana/alerting, http/hmac.go: NewHMACRoundTripper with a clock at 1775390460',
    body: '{"receiver":"signalbox","status":"firing"}',
    headers: {
      'x-grafana-alerting-signature': 'a1357cde5c2009a2937a1ee765e8510cd103f15be3b693b55122a045b868cdcb',
      'x-grafana-alerting-timestamp': '1775390460',
    },
    signature: ['x-grafana-alerting-signature', 'x-grafana-alerting-timestamp'],
    secret: 'a-grafana-secret',
    nowMs: 1_775_390_460_000,
    covers: 'body',
  },
  {
    provider: 'notion',
    name: 'a page',
    from: '@notionhq/client 5.26.0: signWebhookPayload',
    body: '{"id":"367cba44-b6f3-4c92-81e7-6a2e9659efd4","type":"page.created"}',
    headers: {
      'x-notion-signature': 'sha256=b30b43ac8fa987d169cb3ee2425866b953d974456e21e4c6d4d9b18fee3249b4',
    },
    signature: ['x-notion-signature'],
    secret: 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl',
    nowMs: 0,
    covers: 'body',
  },
];
