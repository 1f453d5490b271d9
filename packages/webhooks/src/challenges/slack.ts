import type { Answer, ChallengeRequest } from '../challenge.js';
import { memberOf, parseJson } from '../parts/json.js';
import { jsonAnswer, shortBody } from './answers.js';

/** https://docs.slack.dev/reference/events/url_verification */
export function slack({ method, rawBody }: ChallengeRequest): Answer | undefined {
  const text = method === 'POST' ? shortBody(rawBody, 'url_verification') : undefined;
  const body = text === undefined ? undefined : parseJson(text);
  const challenge = memberOf(body, 'challenge');
  if (memberOf(body, 'type') !== 'url_verification' || typeof challenge !== 'string') return undefined;
  return jsonAnswer({ challenge });
}
