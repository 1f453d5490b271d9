import type { Answer, ChallengeKind, ChallengeRequest } from './challenge.js';
import { asana } from './challenges/asana.js';
import { cloudevents } from './challenges/cloudevents.js';
import { discord } from './challenges/discord.js';
import { dropbox } from './challenges/dropbox.js';
import { meta } from './challenges/meta.js';
import { microsoft } from './challenges/microsoft.js';
import { notion } from './challenges/notion.js';
import { slack } from './challenges/slack.js';
import { x } from './challenges/x.js';
import { zoom } from './challenges/zoom.js';
import type { Scheme } from './scheme.js';

interface Challenge {
  answer(request: ChallengeRequest): Answer | undefined;
  /** The provider signs the challenge like a webhook: without a right signature there is no answer. */
  readonly signed: boolean;
}

const challenges: Readonly<Record<ChallengeKind, Challenge>> = {
  slack: { answer: slack, signed: true },
  zoom: { answer: zoom, signed: true },
  discord: { answer: discord, signed: true },
  meta: { answer: meta, signed: false },
  microsoft: { answer: microsoft, signed: false },
  x: { answer: x, signed: false },
  dropbox: { answer: dropbox, signed: false },
  asana: { answer: asana, signed: false },
  notion: { answer: notion, signed: false },
  cloudevents: { answer: cloudevents, signed: false },
};

/**
 * The answer to a request that is the provider's check of the address, or undefined for every other request, which is
 * then verified as a webhook. To be asked before that, for requests of any method. Never throws. A challenge the provider
 * signs is verified with `scheme` here; without a right signature it is no challenge, and the verification that
 * follows says why.
 */
export function answerChallenge(
  kind: ChallengeKind,
  scheme: Scheme,
  request: ChallengeRequest,
): Answer | undefined {
  const { answer, signed } = challenges[kind];
  const found = answer(request);
  return found && signed && !scheme.verify(request).ok ? undefined : found;
}
