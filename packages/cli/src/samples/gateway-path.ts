import type { AnyContract } from '@signalbox/contracts';

/** Where senders post the flat payload of an event type; every other event goes to /events in its envelope. */
const flatPaths: Readonly<Record<string, string>> = {
  negative_sentiment_detected: '/agent/social-sentiment-webhook',
  shipping_delay: '/agent/logistics-anomaly-webhook',
  service_down: '/agent/ops-alert-webhook',
  service_recovered: '/agent/ops-alert-webhook',
};

/** The gateway's address for an event type, and the form it takes there. */
export function gatewayTarget({ type }: AnyContract): {
  readonly path: string;
  readonly form: 'flat' | 'envelope';
} {
  const path = flatPaths[type];
  return path === undefined ? { path: '/events', form: 'envelope' } : { path, form: 'flat' };
}
