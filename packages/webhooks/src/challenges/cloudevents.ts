import type { Answer, ChallengeRequest } from '../challenge.js';
import { singleHeader } from '../single-header.js';

/** A DNS name, as the standard asks; never echoed when it is anything else. */
const originForm = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;
const rateForm = /^[1-9]\d{0,8}$/;

/**
 * CloudEvents Web Hooks, section 4: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
 * The permission names the asking origin and grants the rate it asked for. `WebHook-Request-Callback` is not called:
 * the answer given at once is as good, and an address from a request is nothing to call.
 */
export function cloudevents({ method, headers }: ChallengeRequest): Answer | undefined {
  const origin = singleHeader(headers, 'webhook-request-origin');
  if (method !== 'OPTIONS' || origin.kind !== 'one' || !originForm.test(origin.value)) return undefined;
  const rate = singleHeader(headers, 'webhook-request-rate');
  const allowed = rate.kind === 'one' && rateForm.test(rate.value) ? rate.value : '*';
  return {
    status: 200,
    headers: {
      allow: 'POST, OPTIONS',
      'webhook-allowed-origin': origin.value,
      'webhook-allowed-rate': allowed,
    },
    body: '',
  };
}
