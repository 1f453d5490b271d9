import type { Answer, ChallengeRequest } from '../challenge.js';
import { TextComparison } from '../parts/same-text.js';
import { parseUrl, singleParameter } from '../parts/urls.js';
import { textAnswer } from './answers.js';

const challengeForm = /^[A-Za-z0-9_-]{1,256}$/;
const comparison = new TextComparison();

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests */
export function meta(request: ChallengeRequest): Answer | undefined {
  const url = request.method === 'GET' ? parseUrl(request.url) : undefined;
  const challenge = singleParameter(url, 'hub.challenge');
  const token = singleParameter(url, 'hub.verify_token');
  if (singleParameter(url, 'hub.mode') !== 'subscribe' || token === undefined) return undefined;
  if (challenge === undefined || !challengeForm.test(challenge)) return undefined;
  const known = comparison.verify(token, { ...request, secrets: request.verifyTokens ?? [] });
  return known.ok ? textAnswer(challenge) : undefined;
}
