import { sign } from '@signalbox/webhooks';
import { userIdOf } from './sign-up.js';
import type { PrepareWebhooks } from './http-protocol.js';

/** Length of every body, in bytes. */
export const bodyBytes = 512;

/** The whole HTTP request of webhook number `n`, signed, ready to be written to a socket. */
export function webhookBytes({ path, secret, body }: PrepareWebhooks, n: number): Buffer {
  const json = body === 'service_down' ? serviceDownBody(n) : signUpBody(n);
  const signature = sign({ rawBody: json, secret });
  const headers = Object.entries({
    host: '127.0.0.1',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(json)),
    'user-agent': 'bench',
    ...signature,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${headers.join('')}\r\n${json}`);
}

function serviceDownBody(n: number): string {
  const alert = {
    alert_id: `ALERT-${n}`,
    event_type: 'service_down',
    timestamp: '2026-04-05T12:01:00Z',
    service_name: `Service-${n % 1_000}`,
    severity: 'critical',
    environment: 'production',
    message: '',
    incident_link: 'https://monitoring.tool/incident/12345',
  };
  return JSON.stringify({ ...alert, message: 'x'.repeat(bodyBytes - JSON.stringify(alert).length) });
}

function signUpBody(n: number): string {
  const id = userIdOf(n);
  const data = { user_id: id, email: `user.${n}@example.com`, plan: 'premium_trial', signup_source: 'bench' };
  return JSON.stringify({
    event_id: `sign-up-${n}`,
    event_type: 'user.signed_up',
    timestamp: new Date().toISOString(),
    data,
    metadata: { source_service: 'authentication', correlation_id: `story-${n}` },
  });
}
