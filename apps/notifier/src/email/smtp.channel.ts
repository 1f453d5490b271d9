import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Mail } from './mail.format.js';
import { smtpFailure } from './smtp-failure.js';

const connectTimeoutMs = 5_000;
const idleTimeoutMs = 10_000;

/** Sends mails over SMTP, one connection a mail. */
export class SmtpChannel {
  constructor(private readonly url: string) {}

  /**
   * Resolves when the server has taken the mail. Rejects with `outbound_refused`, `outbound_failed` or, when the
   * connection broke after the content was sent, `outcome_unknown`. An abort closes the connection.
   */
  async send(mail: Mail, signal: AbortSignal): Promise<void> {
    const watch = new ContentWatch();
    const transport = createTransport({
      url: this.url,
      connectionTimeout: connectTimeoutMs,
      greetingTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
      transactionLog: true,
      logger: watch.logger,
      getSocket: (
        options: { host?: string; port?: number | string; secure?: boolean },
        done: SocketCallback,
      ) => openSocket(options, signal, done),
    });
    try {
      await transport.sendMail({ ...mail, headers: { ...mail.headers } });
    } catch (error) {
      throw smtpFailure(error, watch.contentSent);
    } finally {
      transport.close();
    }
  }
}

type SocketCallback = (error: Error | null, socket?: { connection: Socket }) => void;

/** Opens the connection ourselves, so that an abort can end it and no mail is sent after its attempt was given up. */
function openSocket(
  options: { readonly host?: string; readonly port?: number | string; readonly secure?: boolean },
  signal: AbortSignal,
  done: SocketCallback,
): void {
  // A listener added to an aborted signal never hears of it.
  if (signal.aborted) return done(new Error('the attempt was aborted'));
  const port = Number(options.port ?? (options.secure === true ? 465 : 587));
  const socket = connect({ host: options.host ?? 'localhost', port, timeout: connectTimeoutMs });
  const settle = (error: Error | null): void => {
    socket.removeAllListeners('timeout').removeAllListeners('error').removeAllListeners('connect');
    if (error) {
      socket.destroy();
      return done(error);
    }
    socket.setTimeout(0);
    done(null, { connection: socket });
  };
  signal.addEventListener('abort', () => socket.destroy(new Error('the attempt was aborted')), {
    once: true,
  });
  socket.once('connect', () => settle(null));
  socket.once('timeout', () => settle(new Error('connection timeout')));
  socket.once('error', settle);
}

/** Reads the transaction log: after the server's 354 the content is under way. */
class ContentWatch {
  contentSent = false;

  readonly logger = {
    level: () => undefined,
    trace: () => undefined,
    debug: (entry: unknown, message?: unknown) => this.#note(entry, message),
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    fatal: () => undefined,
  };

  #note(entry: unknown, message: unknown): void {
    const from = (entry as { tnx?: string } | null)?.tnx;
    if (from === 'server' && String(message).startsWith('354')) this.contentSent = true;
  }
}
