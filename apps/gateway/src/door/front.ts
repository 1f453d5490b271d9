import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { problem, type Problem } from '../problem/problem.js';
import type { ReadySource } from '@signalbox/sources';
import { answerProblem, answerUnread } from './answers.js';
import type { Caller } from './callers.js';
import type { Gate } from './gate.js';

/** One request on its way to somebody who answers it. */
export interface Request {
  readonly caller: Caller;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface FrontParts {
  readonly sources: { at(path: string): ReadySource | undefined };
  readonly gate: Gate;
  /** A webhook. */
  readonly receive: (source: ReadySource, asked: Request) => Promise<void>;
  /** A request to a source's address that must not come in, answered here. */
  readonly turnAway: (source: ReadySource, asked: Request, refusal: Problem) => void;
  /** A request to a source's address from outside its networks, answered elsewhere as if nothing were there. */
  readonly refusedAddress: (source: ReadySource, asked: Request) => void;
  /** A request of another method: the provider's check of the address, or 405. */
  readonly challenge: (source: ReadySource, asked: Request) => void;
  /** Everything that is not a webhook: Nest's pipeline. */
  readonly elsewhere: RequestListener;
}

/** Addresses of Nest's pipeline that only show something, to anybody on the machine or in the cluster. */
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
export function createFront(parts: FrontParts): RequestListener {
  return (request, response) => {
    const path = pathOf(request.url ?? '/');
    if (!shown.has(path)) return enter(parts, path, request, response);
    if (showMethods.includes(request.method ?? '')) return parts.elsewhere(request, response);
    refuseMethod(response, showMethods.join(', '));
  };
}

function enter(parts: FrontParts, path: string, request: IncomingMessage, response: ServerResponse): void {
  const { gate } = parts;
  const { caller, refusal } = gate.enter(request);
  const asked: Request = { caller, request, response };
  const source = parts.sources.at(path);
  if (refusal) {
    if (source) return parts.turnAway(source, asked, refusal);
    return answerUnread(request, response, refusal);
  }
  if (source && gate.admits(source, caller)) {
    if (request.method === 'POST') return void parts.receive(source, asked);
    return parts.challenge(source, asked);
  }
  // An unknown address and one from outside its networks go the same way, so that nothing tells them apart.
  response.once('finish', () => {
    if (response.statusCode < 400) gate.wasGood(caller.address);
    if (source) parts.refusedAddress(source, asked);
  });
  parts.elsewhere(request, response);
}

/** The path alone: parameters may hold secrets and never choose who answers. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

export function refuseMethod(response: ServerResponse, allow: string): void {
  answerProblem(response, problem('method_not_allowed', `This address takes ${allow} only.`), { allow });
}
