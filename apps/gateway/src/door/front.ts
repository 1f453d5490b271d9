import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { problem } from '../problem/problem.js';
import type { ReadySource } from '@signalbox/sources';
import { answerProblem } from './answers.js';

export interface FrontParts {
  readonly sources: { at(path: string): ReadySource | undefined };
  readonly receive: (
    source: ReadySource,
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<void>;
  /** A request of another method: the provider's check of the address, or 405. */
  readonly challenge: (source: ReadySource, request: IncomingMessage, response: ServerResponse) => void;
  /** Everything that is not a webhook: Nest's pipeline. */
  readonly elsewhere: RequestListener;
}

/** Addresses of Nest's pipeline that only show something. */
const shown: ReadonlySet<string> = new Set([
  '/health/live',
  '/health/ready',
  '/metrics',
  '/events.html',
  '/openapi.json',
  '/asyncapi.json',
]);
const showMethods = ['GET', 'HEAD'];

/** Decides who answers a request: the webhook door for sources' paths, Nest for the rest; 405 for wrong methods. */
export function createFront({ sources, receive, challenge, elsewhere }: FrontParts): RequestListener {
  return (request, response) => {
    const path = pathOf(request.url ?? '/');
    const method = request.method ?? '';
    const source = sources.at(path);
    if (source) {
      if (method === 'POST') return void receive(source, request, response);
      return challenge(source, request, response);
    }
    if (shown.has(path) && !showMethods.includes(method))
      return refuseMethod(response, showMethods.join(', '));
    elsewhere(request, response);
  };
}

/** The path alone: parameters may hold secrets and never choose who answers. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

export function refuseMethod(response: ServerResponse, allow: string): void {
  answerProblem(response, problem('method_not_allowed', `This address takes ${allow} only.`), { allow });
}
