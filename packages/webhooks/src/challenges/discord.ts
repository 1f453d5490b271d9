import type { Answer, ChallengeRequest } from '../challenge.js';
import { memberOf, parseJson } from '../parts/json.js';
import { jsonAnswer, shortBody } from './answers.js';

/** `type` of an interaction that only asks whether anybody is there. */
const interactionPing = 1;
/** `type` of a webhook event that only asks whether anybody is there; it holds no `event`. */
const webhookPing = 0;

/** https://discord.com/developers/docs/interactions/overview and …/events/webhook-events: PING */
export function discord({ method, rawBody }: ChallengeRequest): Answer | undefined {
  const text = method === 'POST' ? shortBody(rawBody, '"type"') : undefined;
  const body = text === undefined ? undefined : parseJson(text);
  const type = memberOf(body, 'type');
  // A webhook event has `type: 1` as well, and an event in it.
  if (memberOf(body, 'event') !== undefined) return undefined;
  if (type === interactionPing) return jsonAnswer({ type: interactionPing });
  return type === webhookPing ? { status: 204, headers: {}, body: '' } : undefined;
}
