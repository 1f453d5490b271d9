import type { WebhookSource } from './source.js';

const MEBIBYTE = 1_048_576;

/** Every source of this installation. */
export const webhookSources: readonly WebhookSource[] = Object.freeze([
  {
    name: 'social-sentiment',
    path: '/agent/social-sentiment-webhook',
    scheme: 'x-webhook-signature',
    form: 'flat',
    eventTypes: ['negative_sentiment_detected'],
    bodyBytesMax: MEBIBYTE,
    secretVariable: 'WEBHOOK_SECRET_SOCIAL_SENTIMENT',
  },
  {
    name: 'logistics-anomaly',
    path: '/agent/logistics-anomaly-webhook',
    scheme: 'x-webhook-signature',
    form: 'flat',
    eventTypes: ['shipping_delay'],
    bodyBytesMax: MEBIBYTE,
    secretVariable: 'WEBHOOK_SECRET_LOGISTICS_ANOMALY',
  },
  {
    name: 'ops-alert',
    path: '/agent/ops-alert-webhook',
    scheme: 'x-webhook-signature',
    form: 'flat',
    eventTypes: ['service_down', 'service_recovered'],
    bodyBytesMax: MEBIBYTE,
    secretVariable: 'WEBHOOK_SECRET_OPS_ALERT',
  },
  {
    name: 'events',
    path: '/events',
    scheme: 'x-webhook-signature',
    form: 'envelope',
    eventTypes: 'public',
    bodyBytesMax: MEBIBYTE,
    secretVariable: 'WEBHOOK_SECRET_EVENTS',
  },
]);
