import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Ticket, TicketComment } from '../generated/prisma/client.js';
import { problem, problemOf } from '../problem.js';
import { TicketDesk } from './ticket-desk.js';
import { ticketNumberOf, ticketQueryOf } from './ticket.query.js';

/** A ticket as the CLI reads it; times are RFC 3339. */
export interface TicketEntry extends Omit<Ticket, 'resolvedFor' | 'createdAt' | 'resolvedAt'> {
  readonly createdAt: string;
  readonly resolvedAt: string | null;
}

export interface CommentEntry extends Pick<TicketComment, 'bodyText' | 'priority' | 'link'> {
  readonly createdAt: string;
}

/** Shows the tickets. Nothing is changed here: a ticket is resolved by the event `ticket_resolution.requested`. */
@Controller('tickets')
export class TicketController {
  constructor(@Inject(TicketDesk) private readonly desk: TicketDesk) {}

  @Get()
  async list(
    @Query() query: Record<string, unknown>,
  ): Promise<{ tickets: TicketEntry[]; next: number | null }> {
    const { limit, ...filter } = readOr(() => ticketQueryOf(query));
    const rows = await this.desk.list({ ...filter, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    return { tickets: shown.map(entryOf), next: rows.length > limit ? (shown.at(-1)?.number ?? null) : null };
  }

  @Get(':number')
  async show(@Param('number') text: string): Promise<TicketEntry & { comments: CommentEntry[] }> {
    const number = readOr(() => ticketNumberOf(text));
    const found = await this.desk.find(number);
    if (!found) throw problem('not_found', `There is no ticket ${number}.`);
    return { ...entryOf(found.ticket), comments: found.comments.map(commentOf) };
  }
}

const entryOf = ({ resolvedFor: _key, createdAt, resolvedAt, ...rest }: Ticket): TicketEntry => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  resolvedAt: resolvedAt?.toISOString() ?? null,
});

const commentOf = ({ bodyText, priority, link, createdAt }: TicketComment): CommentEntry => ({
  bodyText,
  priority,
  link,
  createdAt: createdAt.toISOString(),
});

function readOr<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw problemOf(error);
  }
}
