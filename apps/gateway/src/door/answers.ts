import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemBody, problemHeaders, type Problem } from '../problem/problem.js';

/** How much of a refused body is still read, so that the sender gets to see the answer. */
const lingerBytesMax = 8_388_608;
const lingerMsMax = 2_000;

export interface AnswerOptions {
  readonly instance?: string;
  readonly allow?: string;
  /** The connection ends with this answer. */
  readonly close?: boolean;
}

/** 202: Kafka has the event and its record. */
export function answerAccepted(
  response: ServerResponse,
  eventId: string,
  correlationId: string,
  close: boolean,
): void {
  const body = JSON.stringify({ status: 'accepted', event_id: eventId, correlation_id: correlationId });
  const headers: Record<string, string | number> = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  };
  if (close) headers['connection'] = 'close';
  response.writeHead(202, headers);
  response.end(body);
}

/** A refusal to a request whose body has been read, or that has none. */
export function answerProblem(response: ServerResponse, refusal: Problem, options: AnswerOptions = {}): void {
  response.end(writeProblem(response, refusal, options));
}

/**
 * A refusal in the midst of a body. Closing at once would reset the connection before the sender has seen the answer,
 * so the rest is read and thrown away for at most 2 s and 8 MiB.
 */
export function answerUnread(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Problem,
  options: AnswerOptions = {},
): void {
  response.write(writeProblem(response, refusal, { ...options, close: true }));
  let bytes = 0;
  const end = (): void => {
    clearTimeout(timer);
    request.off('data', onData).off('end', end).off('close', end);
    response.end();
  };
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > lingerBytesMax) end();
  };
  const timer = setTimeout(end, lingerMsMax);
  request.on('error', () => undefined);
  request.on('data', onData).on('end', end).on('close', end);
  request.resume();
}

function writeProblem(response: ServerResponse, refusal: Problem, options: AnswerOptions): string {
  const body = problemBody(refusal, options.instance);
  const headers = problemHeaders(refusal, body);
  if (options.allow !== undefined) headers['allow'] = options.allow;
  if (options.close) headers['connection'] = 'close';
  response.writeHead(refusal.status, headers);
  return body;
}
