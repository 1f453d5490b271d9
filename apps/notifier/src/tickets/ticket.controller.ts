import { AgentIntake, ControlTokenGuard, ProblemFilter } from '@signalbox/agent-kit-nest';
import { ticketResolutionRequested } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Ticket, TicketComment } from '../generated/prisma/client.js';
import { problem, problemOf } from '../problem.js';
import { TicketDesk } from './ticket-desk.js';
import { resolutionOf, ticketNumberOf, ticketQueryOf } from './ticket.query.js';

/** A ticket as the CLI reads it; times are RFC 3339. */
export interface TicketEntry extends Omit<Ticket, 'resolvedFor' | 'createdAt' | 'resolvedAt'> {
  readonly createdAt: string;
  readonly resolvedAt: string | null;
}

export interface CommentEntry extends Pick<TicketComment, 'bodyText' | 'priority' | 'link'> {
  readonly createdAt: string;
}

/** The source of requests people make at the desk itself. */
const DESK = 'ticket-desk';

/** Shows the tickets, and takes requests to resolve one: the act itself is the one for `ticket_resolution.requested`. */
@Controller('tickets')
export class TicketController {
  constructor(
    @Inject(TicketDesk) private readonly desk: TicketDesk,
    private readonly intake: AgentIntake,
  ) {}

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

  /** 202 once the request is committed; `ticket.resolved` follows, once, whoever else asks for it. */
  @Post(':number/resolve')
  @HttpCode(202)
  @UseGuards(ControlTokenGuard)
  @UseFilters(ProblemFilter)
  async resolve(@Param('number') text: string, @Body() body: unknown): Promise<object> {
    const number = ticketNumberOf(text);
    const { by, note } = resolutionOf(body);
    const found = await this.desk.find(number);
    if (!found) throw new SignalboxError('not_found', `There is no ticket ${number}.`);
    const { customerId, correlationId, resolvedAt, resolvedBy } = found.ticket;
    if (resolvedAt)
      throw new SignalboxError('ticket_resolved', `Ticket ${number} was resolved by ${resolvedBy ?? '?'}.`);
    const eventId = `ticket-${number}-${randomUUID()}`;
    await this.intake.take(
      ticketResolutionRequested,
      { ticket_number: number, customer_id: customerId, by, ...(note === undefined ? {} : { note }) },
      { eventId, source: DESK, correlationId },
    );
    return { number, event_id: eventId, correlation_id: correlationId };
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
