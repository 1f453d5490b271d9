import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { SignalboxError } from '@signalbox/errors';
import type { Logger } from '@signalbox/observability';
import type { GatewayLimits } from '../settings/settings.js';
import { answerClientError, type Current } from './client-errors.js';
import { ConnectionLimit } from './connection-limit.js';
import { TlsFiles, type TlsPaths } from './tls-files.js';

const headerBytesMax = 16_384;
const headersCountMax = 100;
/** Longer than the usual 60 s of load balancers, so that they and not we end idle connections. */
const keepAliveMs = 65_000;
const timeoutCheckMs = 500;
const closeIdleEveryMs = 50;
const lookAtTlsFilesEveryMs = 1_000;

export interface HttpServerParts {
  readonly listener: RequestListener;
  readonly limits: GatewayLimits;
  /** Left out: plain HTTP. */
  readonly tls?: TlsPaths;
  readonly isProxy: (socket: Socket) => boolean;
  /** A request that could not be read was answered with this status; 0 = not answered. */
  readonly onClientError: (status: number) => void;
  readonly logger: Logger;
}

/** The gateway's own server: every size, count and time a client can use up is bounded. */
export class HttpServer {
  private readonly server: Server | TlsServer;
  private readonly limits: GatewayLimits;
  private readonly tlsFiles: TlsFiles | undefined;
  private readonly logger: Logger;
  private tlsTimer: NodeJS.Timeout | undefined;
  private badLooks = 0;

  /** Throws `config_invalid` when the files of the certificate cannot be used. */
  constructor({ listener, limits, tls, isProxy, onClientError, logger }: HttpServerParts) {
    const current: Current = new WeakMap();
    this.limits = limits;
    this.logger = logger;
    this.tlsFiles = tls ? new TlsFiles(tls) : undefined;
    const onRequest: RequestListener = (request, response) => {
      current.set(request.socket, { request, response });
      listener(request, response);
    };
    this.server = this.tlsFiles
      ? createTlsServer(
          {
            ...optionsOf(limits),
            ...this.tlsFiles.read(),
            minVersion: 'TLSv1.2',
            handshakeTimeout: limits.headersMsMax,
          },
          onRequest,
        )
      : createServer(optionsOf(limits), onRequest);
    this.server.maxConnections = limits.connectionsMax;
    this.server.maxHeadersCount = headersCountMax;
    const connections = new ConnectionLimit(limits.addressConnectionsMax, isProxy);
    this.server.on('connection', (socket: Socket) => connections.admit(socket));
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
      onClientError(answerClientError(error, socket, current)?.status ?? 0),
    );
    this.server.on('tlsClientError', (_error: Error, socket: Socket) => {
      socket.destroy();
      onClientError(0);
    });
  }

  get scheme(): 'http' | 'https' {
    return this.tlsFiles ? 'https' : 'http';
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
        if (this.tlsFiles)
          this.tlsTimer = setInterval(() => this.lookAtTlsFiles(), lookAtTlsFilesEveryMs).unref();
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connections, lets requests in flight finish for at most `stopMsMax`, then cuts what is left. */
  async close(): Promise<void> {
    clearInterval(this.tlsTimer);
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const idle = setInterval(() => this.server.closeIdleConnections(), closeIdleEveryMs);
    const cut = setTimeout(() => this.server.closeAllConnections(), this.limits.stopMsMax);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
  }

  /** New connections get the new certificate; those that are open stay as they are. A bad pair changes nothing. */
  private lookAtTlsFiles(): void {
    if (!this.tlsFiles?.changed()) return;
    try {
      (this.server as TlsServer).setSecureContext({ ...this.tlsFiles.read(), minVersion: 'TLSv1.2' });
      this.badLooks = 0;
      this.logger.info({}, 'the TLS certificate was read again');
    } catch (error) {
      // Certificate and key are replaced one after the other: only a pair that stays bad is worth a line, and only one.
      this.badLooks += 1;
      if (this.badLooks === 2) this.logger.error({ err: error }, 'the TLS certificate stays as it was');
    }
  }
}

const optionsOf = (limits: GatewayLimits): ServerOptions => ({
  maxHeaderSize: headerBytesMax,
  headersTimeout: limits.headersMsMax,
  requestTimeout: limits.requestMsMax,
  connectionsCheckingInterval: Math.min(timeoutCheckMs, limits.headersMsMax),
  keepAliveTimeout: keepAliveMs,
  noDelay: true,
});
