import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Metrics } from '@signalbox/observability';
import { readBody, readJson, sendJson, serve } from '../http.js';
import { askChild } from './ask-child.js';
import type { PaymentChild } from './payment-child.js';

const proxyTimeoutMs = 2_000;
/** A process that has only just begun to listen may be slow with its first answer. */
const firstAnswerMsMax = 10_000;

export interface ControlOptions {
  readonly child: PaymentChild;
  readonly metrics: Metrics;
  /** What /status shows of the monitor. */
  readonly monitorStatus: () => object;
  /** False while the app starts or stops. */
  readonly isReady: () => boolean;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** The supervisor's HTTP side: control, status and health of its own, and the payment process behind it. */
export function createControlServer(options: ControlOptions): Server {
  const routes = routesOf(options);
  return serve(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const handle = routes[`${request.method} ${pathname}`];
    if (handle === undefined) return sendJson(response, 404, { code: 'not_found' });
    // A web page the user looks at must not break his service: browsers name the page's origin.
    if (pathname.startsWith('/control/') && request.headers.origin !== undefined) {
      return sendJson(response, 403, { code: 'origin_refused' });
    }
    await handle(request, response);
  });
}

function routesOf({ child, metrics, monitorStatus, isReady }: ControlOptions): Record<string, Handle> {
  const status = () => ({
    service: 'PaymentGatewayService',
    process: child.status,
    monitor: monitorStatus(),
  });
  return {
    'GET /status': (_request, response) => sendJson(response, 200, status()),
    'GET /health/live': (_request, response) => sendJson(response, 200, { status: 'ok' }),
    'GET /health/ready': (_request, response) =>
      sendJson(response, isReady() ? 200 : 503, { ready: isReady() }),
    'GET /metrics': async (_request, response) => {
      response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
    },
    'POST /control/break': (request, response) => breakChild(child, request, response),
    'POST /control/restart': (_request, response) => restartChild(child, response),
    'GET /health': (request, response) => proxy(child, request, response),
    'POST /payments': (request, response) => proxy(child, request, response),
  };
}

async function breakChild(
  child: PaymentChild,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { mode = 'kill' } = ((await readJson(request)) ?? {}) as { mode?: unknown };
  if (mode !== 'kill' && mode !== 'hang') {
    return sendJson(response, 422, { code: 'mode_unknown', detail: "mode must be 'kill' or 'hang'" });
  }
  await child.break(mode);
  sendJson(response, 200, { broken: mode, process: child.status });
}

async function restartChild(child: PaymentChild, response: ServerResponse): Promise<void> {
  const startedMs = performance.now();
  await child.restart();
  await askChild(child.port, { method: 'GET', path: '/health' }, firstAnswerMsMax);
  const tookMs = Math.round(performance.now() - startedMs);
  sendJson(response, 200, {
    outcome: 'Process restarted and answering.',
    took_ms: tookMs,
    process: child.status,
  });
}

async function proxy(child: PaymentChild, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return sendJson(response, 413, { code: 'body_too_large' });
  try {
    const ask = { method: request.method ?? 'GET', path: request.url ?? '/', body };
    const answer = await askChild(child.port, ask, proxyTimeoutMs);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  } catch (error) {
    sendJson(response, 503, { code: 'payment_service_down', detail: (error as Error).message });
  }
}
