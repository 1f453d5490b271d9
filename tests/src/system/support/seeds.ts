import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../support/repository.js';

export const opsPath = '/agent/ops-alert-webhook';
export const logisticsPath = '/agent/logistics-anomaly-webhook';
export const eventsPath = '/events';

/** The bytes of a sender's sample, as they were handed to us. */
export const seed = (name: string): Buffer => readFileSync(join(root, 'tests', 'fixtures', `${name}.json`));

/** An alert like the sample, for another service. */
export function alertFor(
  service: string,
  alertId: string,
  more: Readonly<Record<string, unknown>> = {},
): object {
  const sample = JSON.parse(seed('service_down').toString('utf8')) as Record<string, unknown>;
  return { ...sample, service_name: service, alert_id: alertId, ...more };
}

/** A sign-up like the sample, of another user, as its producer would send it now. */
export function signUpOf(user: string): { readonly event_id: string; readonly data: object } {
  const sample = JSON.parse(seed('user.signed_up').toString('utf8')) as {
    data: Record<string, unknown>;
    metadata: Record<string, unknown>;
  };
  return {
    ...sample,
    event_id: `signup-${user}`,
    timestamp: new Date().toISOString(),
    data: { ...sample.data, user_id: user, email: `${user}@example.com` },
    metadata: { ...sample.metadata, correlation_id: `corr-${user}` },
  } as { event_id: string; data: object };
}
