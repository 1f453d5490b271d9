import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignalboxError } from '@signalbox/errors';
import type { GatewayLimits } from '../settings/settings.js';
import { answerClientError, type Current } from './client-errors.js';

const headerBytesMax = 16_384;
const headersCountMax = 100;
/** Longer than the usual 60 s of load balancers, so that they and not we end idle connections. */
const keepAliveMs = 65_000;
const timeoutCheckMs = 500;
const closeIdleEveryMs = 50;

export interface HttpServerParts {
  readonly listener: RequestListener;
  readonly limits: GatewayLimits;
  /** A request that could not be read was answered with this status; 0 = not answered. */
  readonly onClientError: (status: number) => void;
}

/** The gateway's own server: every size, count and time a client can use up is bounded. */
export class HttpServer {
  private readonly server: Server;
  private readonly limits: GatewayLimits;

  constructor({ listener, limits, onClientError }: HttpServerParts) {
    const current: Current = new WeakMap();
    this.limits = limits;
    this.server = createServer(
      {
        maxHeaderSize: headerBytesMax,
        headersTimeout: limits.headersMsMax,
        requestTimeout: limits.requestMsMax,
        connectionsCheckingInterval: Math.min(timeoutCheckMs, limits.headersMsMax),
        keepAliveTimeout: keepAliveMs,
        noDelay: true,
      },
      (request, response) => {
        current.set(request.socket, { request, response });
        listener(request, response);
      },
    );
    this.server.maxConnections = limits.connectionsMax;
    this.server.maxHeadersCount = headersCountMax;
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      onClientError(answerClientError(error, socket, current)?.status ?? 0),
    );
  }

  /** Resolves with the port. Rejects with `config_invalid` when the address cannot be used. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException): void => {
        const why = error.code === 'EADDRINUSE' ? 'the port is in use' : (error.code ?? error.message);
        reject(
          new SignalboxError('config_invalid', `Cannot listen on ${host}:${port}: ${why}.`, { cause: error }),
        );
      };
      this.server.once('error', refuse);
      this.server.listen(port, host, () => {
        this.server.off('error', refuse);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connections, lets requests in flight finish for at most `stopMsMax`, then cuts what is left. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const idle = setInterval(() => this.server.closeIdleConnections(), closeIdleEveryMs);
    const cut = setTimeout(() => this.server.closeAllConnections(), this.limits.stopMsMax);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
  }
}
