import { Prisma, type MailboxMessage, type PrismaClient } from '../generated/prisma/client.js';
import { withoutNul } from './without-nul.js';

export type MailboxChannel = 'email' | 'slack' | 'pagerduty';

/** A message that stays here. Ids at most 255, recipient 320, subject 1,024 characters; longer ones are cut. */
export interface NewMailboxMessage {
  /** The same over every attempt: a message is kept once. */
  readonly idempotencyKey: string;
  readonly requestId: string;
  readonly correlationId: string;
  readonly channel: MailboxChannel;
  readonly recipient: string;
  readonly subject: string;
  readonly bodyText: string;
  /** What would have been sent, as JSON. */
  readonly content: unknown;
}

export interface MailboxQuery {
  readonly channel?: MailboxChannel;
  /** Only messages older than the one with this id. */
  readonly before?: bigint;
  /** 1 to 200. */
  readonly limit: number;
}

/** The local mailbox: where messages stay whose channel has no settings. */
export class Mailbox {
  constructor(private readonly prisma: PrismaClient) {}

  /** Keeps the message; one with the same idempotency key is kept already and this one is dropped. */
  async put(message: NewMailboxMessage): Promise<void> {
    const { content, ...rest } = withoutNul(message) as NewMailboxMessage;
    await this.prisma.mailboxMessage.createMany({
      data: [
        {
          ...rest,
          recipient: rest.recipient.slice(0, 320),
          subject: rest.subject.slice(0, 1_024),
          content: content === null ? Prisma.JsonNull : (content as Prisma.InputJsonValue),
        },
      ],
      skipDuplicates: true,
    });
  }

  /** Messages, newest first. */
  list({ channel, before, limit }: MailboxQuery): Promise<MailboxMessage[]> {
    return this.prisma.mailboxMessage.findMany({
      where: {
        ...(channel === undefined ? {} : { channel }),
        ...(before === undefined ? {} : { id: { lt: before } }),
      },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }
}
