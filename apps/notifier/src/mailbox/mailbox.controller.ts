import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Channels } from '../channels.js';
import type { MailboxMessage } from '../generated/prisma/client.js';
import { problem, problemOf } from '../problem.js';
import { Mailbox } from './mailbox.js';
import { mailboxQueryOf } from './mailbox.query.js';

/** A message of the mailbox as the CLI reads it. */
export interface MailboxEntry extends Omit<MailboxMessage, 'id' | 'idempotencyKey' | 'createdAt'> {
  readonly id: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** Shows the local mailbox, newest first, a page at a time; there is none when every channel has its settings. */
@Controller('mailbox')
export class MailboxController {
  constructor(
    @Inject(Mailbox) private readonly mailbox: Mailbox,
    @Inject(Channels) private readonly channels: Channels,
  ) {}

  @Get()
  async list(
    @Query() query: Record<string, unknown>,
  ): Promise<{ messages: MailboxEntry[]; next: string | null }> {
    if (this.channels.local.length === 0)
      throw problem('not_found', 'Every channel has settings: no local mailbox.');
    const { limit, ...filter } = readQuery(query);
    const rows = await this.mailbox.list({ ...filter, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    return { messages: shown.map(entryOf), next: rows.length > limit ? String(shown.at(-1)?.id) : null };
  }
}

function entryOf({ idempotencyKey: _key, id, createdAt, ...rest }: MailboxMessage): MailboxEntry {
  return { id: String(id), ...rest, createdAt: createdAt.toISOString() };
}

function readQuery(query: Record<string, unknown>): ReturnType<typeof mailboxQueryOf> {
  try {
    return mailboxQueryOf(query);
  } catch (error) {
    throw problemOf(error);
  }
}
