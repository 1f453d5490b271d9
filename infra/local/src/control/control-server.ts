import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SignalboxError, errorCodeOf } from '@signalbox/errors';

/** What can be asked of a supervisor. */
export interface ControlRequest {
  readonly action: 'status' | 'down' | 'hold' | 'release';
  /** Name of the app, for `hold` and `release`. */
  readonly app?: string;
  /** Who holds the app. */
  readonly pid?: number;
}

const bodyBytesMax = 4_096;

/** Answers requests of this machine's own user: a port of 127.0.0.1 and a token that only a private file tells. */
export function startControlServer(
  token: string,
  answer: (request: ControlRequest) => Promise<unknown>,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    void handle(request, response, token, answer);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
    });
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  answer: (request: ControlRequest) => Promise<unknown>,
): Promise<void> {
  try {
    if (!sameToken(request.headers.authorization ?? '', `Bearer ${token}`)) {
      throw new SignalboxError('credentials_invalid', 'The token is not the one of this supervisor.');
    }
    const body = JSON.parse(await readBody(request)) as ControlRequest;
    respond(response, 200, (await answer(body)) ?? {});
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const action = error instanceof SignalboxError ? error.action : undefined;
    respond(response, 400, { error: { code: errorCodeOf(error), message, action } });
  }
}

function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyBytesMax) throw new SignalboxError('body_too_large', 'The request is too large.');
  }
  return text;
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}
