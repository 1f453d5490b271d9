import { createHmac } from 'node:crypto';
import type { Answer, ChallengeRequest } from '../challenge.js';
import { memberOf, parseJson } from '../parts/json.js';
import { activeSecrets } from '../secrets.js';
import { jsonAnswer, shortBody } from './answers.js';

/**
 * The answer is an HMAC with the very secret that signs webhooks. A token of any form, such as `v0:<time>:<body>`, would
 * let the asker have a forged webhook signed; one of letters and digits cannot become one.
 */
const tokenForm = /^[A-Za-z0-9_-]{1,128}$/;

/** https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint */
export function zoom({ method, rawBody, secrets, nowMs }: ChallengeRequest): Answer | undefined {
  const text = method === 'POST' ? shortBody(rawBody, 'endpoint.url_validation') : undefined;
  const body = text === undefined ? undefined : parseJson(text);
  const plainToken = memberOf(memberOf(body, 'payload'), 'plainToken');
  const [secret] = activeSecrets(secrets, nowMs);
  if (memberOf(body, 'event') !== 'endpoint.url_validation' || typeof plainToken !== 'string')
    return undefined;
  if (!secret || !tokenForm.test(plainToken)) return undefined;
  const encryptedToken = createHmac('sha256', secret.value).update(plainToken).digest('hex');
  return jsonAnswer({ plainToken, encryptedToken });
}
