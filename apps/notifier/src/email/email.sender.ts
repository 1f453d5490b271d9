import type { Attempt } from '@signalbox/agent-kit';
import type { DataOf, EventEnvelope, emailRequested } from '@signalbox/contracts';
import type { Mailbox } from '../mailbox/mailbox.js';
import { mailOf, type Mail } from './mail.format.js';
import type { SmtpChannel } from './smtp.channel.js';

export interface SentMail {
  readonly messageId: string;
  readonly transport: 'smtp' | 'local-mailbox';
}

/** Sends requested mails over SMTP where it has settings, else keeps them in the local mailbox. */
export class EmailSender {
  constructor(
    private readonly from: string,
    private readonly smtp: SmtpChannel | undefined,
    private readonly mailbox: Mailbox,
  ) {}

  /** Resolves when the mail was taken; rejects as `SmtpChannel.send` does. */
  async send(event: EventEnvelope<DataOf<typeof emailRequested>>, attempt: Attempt): Promise<SentMail> {
    const mail = mailOf(event, this.from);
    if (this.smtp === undefined) await this.keep(event, mail, attempt);
    else await this.smtp.send(mail, attempt.signal);
    return { messageId: mail.messageId, transport: this.smtp === undefined ? 'local-mailbox' : 'smtp' };
  }

  private keep(event: EventEnvelope, mail: Mail, attempt: Attempt): Promise<void> {
    return this.mailbox.put({
      idempotencyKey: attempt.idempotencyKey,
      requestId: event.event_id,
      correlationId: event.metadata.correlation_id,
      channel: 'email',
      recipient: mail.to,
      subject: mail.subject,
      bodyText: mail.text,
      content: mail,
    });
  }
}
