import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { Arrivals } from './arrivals.js';
import { Script } from './script.js';

/** A mail the server took. */
export interface ReceivedMail {
  readonly messageId: string;
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Headers by lower-case name; the last of several. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAtMs: number;
}

type Step =
  | { readonly code: number; readonly message: string; readonly at: 'recipient' | 'data' }
  | { readonly onRead: () => void }
  | 'cut';

/** A real SMTP server on 127.0.0.1: takes mails, keeps them parsed, and can be told to refuse, hang or cut. */
export class SmtpReceiver {
  readonly mails = new Arrivals<ReceivedMail>();
  readonly #script = new Script<Step>();
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      logger: false,
      onRcptTo: (_address, _session, callback) => this.#onRecipient(callback),
      onData: (stream, session, callback) => {
        // A client that leaves in the middle of its mail gets no answer.
        this.#onData(stream, session, callback).catch(() => undefined);
      },
    });
    // A client that goes away is part of the tests.
    this.#server.on('error', () => undefined);
  }

  /** Listens on a free port (or on `port`). */
  static async start(port = 0): Promise<SmtpReceiver> {
    const receiver = new SmtpReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', () => resolve()));
    return receiver;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** What an SMTP_URL setting holds. */
  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** How often each Message-ID was taken: more than once is a repeat. */
  get countByMessageId(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { messageId } of this.mails.all) counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
    return counts;
  }

  /** The next `times` mails are refused with this reply, at the recipient or after their content. */
  refuseNext(code: number, message: string, at: 'recipient' | 'data' = 'data', times = 1): void {
    this.#script.plan({ code, message, at }, times);
  }

  /** The next `times` mails are read and never answered; `onRead` is called when one has come whole. */
  hangNext(times = 1, onRead: () => void = () => undefined): void {
    this.#script.plan({ onRead }, times);
  }

  /** The next `times` mails are read, then the connections are cut without an answer. */
  cutNext(times = 1): void {
    this.#script.plan('cut', times);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const connection of this.#server.connections) connection.close();
    });
  }

  #step: Step | undefined;

  #onRecipient(callback: (error?: Error | null) => void): void {
    this.#step = this.#script.take();
    const step = this.#step;
    callback(typeof step === 'object' && 'at' in step && step.at === 'recipient' ? replyError(step) : null);
  }

  async #onData(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error | null) => void,
  ): Promise<void> {
    const step = this.#step;
    const parts: Buffer[] = [];
    for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
    if (typeof step === 'object' && 'onRead' in step) return step.onRead();
    if (step === 'cut') return void [...this.#server.connections].forEach((connection) => connection.close());
    if (step !== undefined) return callback(replyError(step));
    const mail = await parseMail(Buffer.concat(parts), session);
    callback(null);
    this.mails.add(mail);
  }
}

const replyError = ({ code, message }: { readonly code: number; readonly message: string }): Error =>
  Object.assign(new Error(message), { responseCode: code });

async function parseMail(raw: Buffer, { envelope }: SMTPServerSession): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw);
  return {
    messageId: mail.messageId ?? '',
    envelopeFrom: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    envelopeTo: envelope.rcptTo.map(({ address }) => address),
    from: mail.from?.address ?? '',
    to: (mail.to ?? []).map(({ address }) => address ?? ''),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    receivedAtMs: Date.now(),
  };
}
