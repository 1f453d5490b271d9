import type { ServerResponse } from 'node:http';
import type { Logger } from '@signalbox/observability';
import type { ReadySource } from '@signalbox/sources';
import {
  answerChallenge,
  type Answer,
  type ChallengeRequest,
  type WebhookRequest,
} from '@signalbox/webhooks';
import { calledUrl } from '../sources/called-url.js';
import { keepHandedSecret } from '../sources/handed-secret.js';
import type { Arrival } from './arrival.js';
import { refuseMethod, type Request } from './front.js';

export interface ChallengesParts {
  /** Of the gateway as its senders know it: `https://hooks.example.com`; undefined: what they call. */
  readonly publicUrl: string | undefined;
  readonly secretsDir: string;
  readonly logger: Logger;
}

/** What a scheme needs of a webhook. */
export function verifiable({ source, request, url, receivedAtMs }: Arrival, rawBody: Buffer): WebhookRequest {
  const { headers, method = 'POST' } = request;
  return { rawBody, headers, secrets: source.secrets, nowMs: receivedAtMs, method, url };
}

/** Answers the ways in which providers check an address before they send webhooks to it. */
export class Challenges {
  constructor(private readonly parts: ChallengesParts) {}

  urlOf({ request, caller }: Request): string {
    return calledUrl(this.parts.publicUrl, request, caller.secure);
  }

  /** True when a POST was such a check and is answered. */
  answered(arrival: Arrival, rawBody: Buffer): boolean {
    const { source, request, response } = arrival;
    if (source.challenge === undefined) return false;
    return this.answer(
      source,
      { ...verifiable(arrival, rawBody), method: request.method ?? 'POST', url: arrival.url },
      response,
    );
  }

  /** A request of another method than POST: a check of the address, else 405. */
  other(source: ReadySource, asked: Request): void {
    const { request, response } = asked;
    const { method = '', headers } = request;
    const question = {
      rawBody: Buffer.alloc(0),
      headers,
      secrets: source.secrets,
      nowMs: Date.now(),
      method,
      url: this.urlOf(asked),
    };
    if (source.challenge === undefined || !this.answer(source, question, response))
      refuseMethod(response, 'POST');
  }

  private answer(source: ReadySource, request: ChallengeRequest, response: ServerResponse): boolean {
    if (source.challenge === undefined) return false;
    const verifyTokens = source.verifyKeys;
    const answer = answerChallenge(source.challenge, source.verifier, { ...request, verifyTokens });
    if (!answer) return false;
    if (answer.handedSecret !== undefined) this.keep(source, answer.handedSecret);
    write(answer, response);
    return true;
  }

  private keep({ name }: ReadySource, secret: string): void {
    const { secretsDir, logger } = this.parts;
    const file = keepHandedSecret(secretsDir, name, secret);
    logger.warn(
      { source: name, file: file ?? 'none' },
      file === undefined
        ? 'a provider handed over a secret, which was not kept: one lies there already, or the folder cannot be written'
        : 'a provider handed over a secret: if you have just asked it to, make this file the secret of the source',
    );
  }
}

function write({ status, headers, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
