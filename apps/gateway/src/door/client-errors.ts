import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { problem, problemBody, problemContentType, type Problem } from '../problem/problem.js';

/** The request a connection is busy with. */
export type Current = WeakMap<
  Duplex,
  { readonly request: IncomingMessage; readonly response: ServerResponse }
>;

/** What Node's parser and timers say, as a problem; anything else is a malformed request. */
export function clientProblem(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('request_malformed', 'The request did not arrive in time.', { status: 408 });
    case 'HPE_HEADER_OVERFLOW':
      return problem('request_malformed', 'The request headers are too large.', { status: 431 });
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return problem('body_too_large', 'The chunk extensions of the body are too large.');
    default:
      return problem('request_malformed', 'This is not a well-formed HTTP/1.1 request.');
  }
}

/**
 * Ends a connection on which no request can be read any more. The problem is written only when it cannot be taken for
 * the answer to an earlier request that is still being worked on.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  current: Current,
): Problem | undefined {
  const busy = current.get(socket);
  const pending = busy !== undefined && !busy.response.writableEnded;
  if (
    error.code === 'ECONNRESET' ||
    !socket.writable ||
    (pending && (busy.request.complete || busy.response.headersSent))
  ) {
    socket.destroy();
    return undefined;
  }
  const refusal = clientProblem(error.code);
  const body = problemBody(refusal);
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    `content-type: ${problemContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ].join('\r\n');
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
  return refusal;
}
