import type { WebhookRequest } from './scheme.js';
import type { WebhookSecret } from './secrets.js';

/** The ways in which providers check an address before they send webhooks to it. */
export const challengeKinds = [
  /** POST with `type: url_verification`, signed: the challenge comes back. */
  'slack',
  /** POST with `event: endpoint.url_validation`, signed: the token and its HMAC come back. */
  'zoom',
  /** POST with `type: 1` (PING), signed: `{"type":1}` comes back. */
  'discord',
  /** GET with `hub.mode=subscribe`: `hub.challenge` comes back when `hub.verify_token` is one of ours. */
  'meta',
  /** POST or GET with `?validationToken=`: the token comes back as text. */
  'microsoft',
  /** GET with `?crc_token=`: its HMAC comes back. */
  'x',
  /** GET with `?challenge=`: it comes back as text. */
  'dropbox',
  /** POST with `X-Hook-Secret`: the header comes back; its value is the secret from now on. */
  'asana',
  /** POST with `verification_token`: a person copies it into the secret. */
  'notion',
  /** OPTIONS with `WebHook-Request-Origin`: the permission comes back (CloudEvents Web Hooks). */
  'cloudevents',
] as const;

export type ChallengeKind = (typeof challengeKinds)[number];

/** A request that may be a challenge. */
export interface ChallengeRequest extends WebhookRequest {
  /** HTTP method in capitals. */
  readonly method: string;
  /** The absolute address that was called. */
  readonly url: string;
  /**
   * Texts the source's owner entered at the provider to be recognised by (Meta's verify token). Not the signing secret:
   * these travel in addresses.
   */
  readonly verifyTokens?: readonly WebhookSecret[];
}

/** What to answer instead of handling a webhook. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /**
   * The secret the provider handed over with this request (Asana, Notion). Whoever runs the gateway must add it to the source's
   * secrets; show it to them once and redact it everywhere else.
   */
  readonly handedSecret?: string;
}
