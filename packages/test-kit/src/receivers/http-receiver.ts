import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Arrivals } from './arrivals.js';
import { Script } from './script.js';

/** A request as it came in. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Milliseconds since 1970 at which its last byte was there. */
  readonly receivedAtMs: number;
  /** Status it was answered with; 0 when it was left hanging or cut. */
  readonly status: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Step = HttpAnswer | 'hang' | 'cut';

/** A real local HTTP server that records what it gets and can be told to misbehave. */
export class HttpReceiver {
  readonly requests = new Arrivals<ReceivedRequest>();
  readonly #script = new Script<Step>();
  readonly #server: Server;

  private constructor(usual: (request: ReceivedRequest) => HttpAnswer) {
    this.#server = createServer((request, response) => void this.#handle(usual, request, response));
  }

  /** Listens on a free port of 127.0.0.1 (or on `port`) and answers with `usual` unless told otherwise. */
  static async start(usual: (request: ReceivedRequest) => HttpAnswer, port = 0): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(usual);
    await new Promise<void>((resolve, reject) => {
      receiver.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `http://127.0.0.1:<port>` */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The next `times` requests get this answer. */
  answerNext(answer: HttpAnswer, times = 1): void {
    this.#script.plan(answer, times);
  }

  /** The next `times` requests are read and never answered. */
  hangNext(times = 1): void {
    this.#script.plan('hang', times);
  }

  /** The connection of the next `times` requests is cut once they are read. */
  cutNext(times = 1): void {
    this.#script.plan('cut', times);
  }

  /** Forgets what came and what was planned. */
  reset(): void {
    this.requests.clear();
    this.#script.clear();
  }

  /** Ends open connections and stops listening. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(
    usual: (request: ReceivedRequest) => HttpAnswer,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readAll(request);
    if (body === undefined) return;
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      receivedAtMs: Date.now(),
      status: 0,
    };
    const step = this.#script.take() ?? usual(seen);
    if (typeof step === 'object') response.writeHead(step.status, step.headers).end(step.body ?? '');
    if (step === 'cut') request.socket.destroy();
    this.requests.add({ ...seen, status: typeof step === 'object' ? step.status : 0 });
  }
}

/** The whole body, or undefined when the client went away before its end. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  } catch {
    return undefined;
  }
  return Buffer.concat(parts);
}
