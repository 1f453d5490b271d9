import type { Answer, ChallengeRequest } from '../challenge.js';
import { parseUrl, singleParameter } from '../parts/urls.js';
import { textAnswer } from './answers.js';

const challengeForm = /^[A-Za-z0-9_-]{1,256}$/;

/** https://www.dropbox.com/developers/reference/webhooks#verification */
export function dropbox({ method, url }: ChallengeRequest): Answer | undefined {
  const challenge = method === 'GET' ? singleParameter(parseUrl(url), 'challenge') : undefined;
  return challenge !== undefined && challengeForm.test(challenge) ? textAnswer(challenge) : undefined;
}
