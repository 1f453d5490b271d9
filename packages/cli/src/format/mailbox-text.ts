import { printable, printableLines } from './printable.js';
import { dateTime } from './time.js';
import { wrap } from './wrap.js';

/** A message of the notifier's local mailbox, as its API gives it. */
export interface MailboxMessage {
  /** Grows with time. */
  readonly id: string;
  readonly channel: 'email' | 'slack' | 'pagerduty';
  readonly recipient: string;
  readonly subject: string;
  readonly bodyText: string;
  readonly correlationId: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

const channelNames: Readonly<Record<MailboxMessage['channel'], string>> = {
  email: 'Mail',
  slack: 'Slack',
  pagerduty: 'PagerDuty',
};
const textWidth = 90;
const rule = '─'.repeat(72);

/** A message as a person reads it: a head with the story it belongs to, then the text. */
export function messageText(message: MailboxMessage): string {
  const { channel, recipient, subject, bodyText, correlationId, createdAt } = message;
  const time = dateTime(Date.parse(createdAt));
  return [
    rule,
    `${channelNames[channel]} to ${printable(recipient, 320)}  ·  ${time} UTC  ·  story ${printable(correlationId)}`,
    printable(subject, 1_024),
    '',
    ...printableLines(bodyText.trimEnd())
      .flatMap((line) => wrap(line, textWidth))
      .map((line) => (line === '' ? '' : `  ${line}`)),
    '',
  ].join('\n');
}
