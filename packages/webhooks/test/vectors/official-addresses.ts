import type { Vector } from './vector.js';

const twilio = {
  provider: 'twilio',
  from: 'twilio/twilio-node: spec/validation.spec.js',
  secret: '12345',
  signature: ['x-twilio-signature'],
  nowMs: 0,
  covers: 'body',
} as const;
const call =
  'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
const square = {
  provider: 'square',
  from: 'square/square-nodejs-sdk: tests/integration/webhooks.test.ts',
  signature: ['x-square-hmacsha256-signature'],
  nowMs: 0,
  covers: 'body',
} as const;

/** Vectors of the providers' own libraries whose signature covers the address. */
export const officialAddresses: readonly Vector[] = [
  {
    ...twilio,
    name: 'a form',
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    body: call,
    headers: { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
  },
  {
    ...twilio,
    name: 'a form at an address with a port',
    url: 'https://mycompany.com:1234/myapp.php?foo=1&bar=2',
    body: call,
    headers: { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
  },
  {
    ...twilio,
    name: 'a form at an address whose port is signed',
    url: 'http://mycompany.com:1234/myapp.php?foo=1&bar=2',
    body: call,
    headers: { 'x-twilio-signature': 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU=' },
  },
  {
    ...twilio,
    name: 'JSON',
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620',
    body: '{"property": "value", "boolean": true}',
    headers: { 'x-twilio-signature': 'a9nBmqA0ju/hNViExpshrM61xv4=' },
  },
  {
    ...square,
    name: 'a test notification',
    url: 'https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9',
    body: '{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}',
    headers: { 'x-square-hmacsha256-signature': 'GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4=' },
    secret: 'Ibxx_5AKakO-3qeNVR61Dw',
  },
  {
    ...square,
    name: 'special characters',
    url: 'https://webhook.site/webhooks',
    body: '{"data":{"type":"webhooks","id":">id<"}}',
    headers: { 'x-square-hmacsha256-signature': 'Cxt7+aTi4rKgcA0bC4g9EHdVtLSDWdqccmL5MvihU4U=' },
    secret: 'signature-key',
  },
  {
    provider: 'hubspot',
    name: 'version 3',
    from: 'HubSpot/hubspot-api-python: tests/spec/utils/test_signature.py',
    url: 'https://www.example.com/webhook_uri',
    body: "{'example_field':'example_value'}",
    headers: {
      'x-hubspot-signature-v3': 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
      'x-hubspot-request-timestamp': '1693657560000',
    },
    signature: ['x-hubspot-signature-v3', 'x-hubspot-request-timestamp'],
    secret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy',
    nowMs: 1_693_657_560_000,
    covers: 'body',
  },
];
