import { complaintKind } from './complaint-kind.js';
import { mailTexts } from './mail-texts.js';
import { oneLine } from './wording.js';

/** Most characters of the customer's own words that are quoted. */
const quoteCharsMax = 280;
const nameCharsMax = 100;

/** What a mail is written from. */
export interface MailReason {
  readonly name: string;
  /** Network the post is on. */
  readonly source: string;
  readonly message: string;
}

export interface Mail {
  /** At most 255 characters. */
  readonly subject: string;
  /** Plain text. */
  readonly body: string;
}

/** A personal mail that acknowledges the problem and offers help, by the kind of complaint; the same input, the same mail. */
export function complaintMail({ name, source, message }: MailReason): Mail {
  const { subject, acknowledge, help } = mailTexts[complaintKind(message)];
  const quote = oneLine(message, quoteCharsMax, '…');
  return {
    subject,
    body: [
      `Dear ${oneLine(name, nameCharsMax, 'customer')},`,
      `you wrote on ${oneLine(source, nameCharsMax, 'the web')}:`,
      `“${quote}”`,
      `${acknowledge}`,
      help,
      'With kind regards,\nthe customer care team at Acme Solutions',
    ].join('\n\n'),
  };
}
