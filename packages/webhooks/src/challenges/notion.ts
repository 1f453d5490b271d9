import type { Answer, ChallengeRequest } from '../challenge.js';
import { memberOf, parseJson } from '../parts/json.js';
import { shortBody } from './answers.js';

const tokenForm = /^[\x21-\x7e]{1,256}$/;

/** https://developers.notion.com/reference/webhooks#step-2-verify-the-subscription */
export function notion({ method, rawBody }: ChallengeRequest): Answer | undefined {
  const text = method === 'POST' ? shortBody(rawBody, 'verification_token') : undefined;
  const body = text === undefined ? undefined : parseJson(text);
  const token = memberOf(body, 'verification_token');
  // An event holds more than the token.
  if (typeof token !== 'string' || !tokenForm.test(token) || memberOf(body, 'type') !== undefined)
    return undefined;
  return { status: 200, headers: {}, body: '', handedSecret: token };
}
