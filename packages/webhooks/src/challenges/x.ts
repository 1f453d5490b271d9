import { createHmac } from 'node:crypto';
import type { Answer, ChallengeRequest } from '../challenge.js';
import { parseUrl, singleParameter } from '../parts/urls.js';
import { activeSecrets } from '../secrets.js';
import { jsonAnswer } from './answers.js';

/**
 * The answer has the form of a webhook's signature, and anybody may ask. A JSON body starts with a brace or a bracket,
 * so a token without any cannot have one signed.
 */
const tokenForm = /^[A-Za-z0-9+/=_-]{1,256}$/;

/** https://docs.x.com/x-api/webhooks/introduction#challenge-response-checks */
export function x({ method, url, secrets, nowMs }: ChallengeRequest): Answer | undefined {
  // A plus in an address means a blank; the token has pluses of its own, in base64.
  const token =
    method === 'GET' ? singleParameter(parseUrl(url), 'crc_token')?.replaceAll(' ', '+') : undefined;
  const [secret] = activeSecrets(secrets, nowMs);
  if (token === undefined || !secret || !tokenForm.test(token)) return undefined;
  const hash = createHmac('sha256', secret.value).update(token).digest('base64');
  return jsonAnswer({ response_token: `sha256=${hash}` });
}
