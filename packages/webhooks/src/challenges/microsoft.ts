import type { Answer, ChallengeRequest } from '../challenge.js';
import { parseUrl, singleParameter } from '../parts/urls.js';
import { textAnswer } from './answers.js';

/** Microsoft's tokens are shorter; what is longer is somebody else's. */
const tokenCharactersMax = 2_048;

/** https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation */
export function microsoft({ method, url }: ChallengeRequest): Answer | undefined {
  if (method !== 'POST' && method !== 'GET') return undefined;
  const token = singleParameter(parseUrl(url), 'validationToken');
  if (token === undefined || token === '' || token.length > tokenCharactersMax) return undefined;
  return textAnswer(token);
}
