import type {
  DataOf,
  TicketPriority,
  ticketCommentRequested,
  ticketRequested,
  ticketResolutionRequested,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { PrismaClient, Ticket, TicketComment } from '../generated/prisma/client.js';
import { withoutNul } from '../mailbox/without-nul.js';
import { highestOf, lowerThan } from './priority.js';

type TicketRequest = DataOf<typeof ticketRequested>;
type CommentRequest = DataOf<typeof ticketCommentRequested>;
type ResolutionRequest = DataOf<typeof ticketResolutionRequested>;

export type TicketStatus = 'open' | 'resolved';

export interface TicketQuery {
  readonly status?: TicketStatus;
  /** Only tickets with a smaller number. */
  readonly before?: number;
  /** 1 to 200. */
  readonly limit: number;
}

/** A ticket with its comments, the oldest first. */
export interface TicketFile {
  readonly ticket: Ticket;
  readonly comments: readonly TicketComment[];
}

/** Comments of one ticket that are shown. */
const commentsShownMax = 500;

/** The tickets. Every act may be repeated and may come in any order with the others of its case. */
export class TicketDesk {
  constructor(private readonly prisma: PrismaClient) {}

  /** Opens the ticket of a case, or finds it. Comments that came first have raised its priority already. */
  async open(request: TicketRequest, correlationId: string): Promise<Ticket> {
    const {
      case_id: caseId,
      customer_id: customerId,
      customer_name: customerName,
      ...rest
    } = cleaned(request);
    const { subject, body_text: bodyText, priority, link } = rest;
    const data = { caseId, customerId, customerName, correlationId, subject, bodyText, priority };
    await this.prisma.ticket.createMany({
      data: [{ ...data, ...(link === undefined ? {} : { link }) }],
      skipDuplicates: true,
    });
    const comments = await this.prisma.ticketComment.findMany({
      where: { caseId },
      select: { priority: true },
      distinct: ['priority'],
    });
    await this.raise(caseId, highestOf(comments.map((comment) => comment.priority)));
    return this.prisma.ticket.findUniqueOrThrow({ where: { caseId } });
  }

  /** Adds a comment to a case, once for each key; resolves with the ticket, if it is there already. */
  async comment(request: CommentRequest, idempotencyKey: string): Promise<Ticket | null> {
    const { case_id: caseId, body_text: bodyText, priority, link } = cleaned(request);
    await this.prisma.ticketComment.createMany({
      data: [{ idempotencyKey, caseId, bodyText, priority: priority ?? null, link: link ?? null }],
      skipDuplicates: true,
    });
    await this.raise(caseId, priority);
    return this.prisma.ticket.findUnique({ where: { caseId } });
  }

  /**
   * Resolves a ticket. Undefined when another request has resolved it before; a repeat of the same request gets the
   * ticket again. Throws `not_found` for a number without a ticket or with another customer's.
   */
  async resolve(request: ResolutionRequest, idempotencyKey: string, now: Date): Promise<Ticket | undefined> {
    const { ticket_number: number, customer_id: customerId, by, note } = cleaned(request);
    await this.prisma.ticket.updateMany({
      where: { number, customerId, resolvedAt: null },
      data: { resolvedAt: now, resolvedBy: by, resolvedNote: note ?? null, resolvedFor: idempotencyKey },
    });
    const ticket = await this.prisma.ticket.findFirst({ where: { number, customerId } });
    if (!ticket)
      throw new SignalboxError('not_found', `There is no ticket ${number} of customer ${customerId}.`);
    return ticket.resolvedFor === idempotencyKey ? ticket : undefined;
  }

  /** Tickets, newest first. */
  list({ status, before, limit }: TicketQuery): Promise<Ticket[]> {
    return this.prisma.ticket.findMany({
      where: {
        ...(status === undefined ? {} : { resolvedAt: status === 'open' ? null : { not: null } }),
        ...(before === undefined ? {} : { number: { lt: before } }),
      },
      orderBy: { number: 'desc' },
      take: limit,
    });
  }

  /** One ticket with its newest 500 comments; undefined when there is none with that number. */
  async find(number: number): Promise<TicketFile | undefined> {
    const ticket = await this.prisma.ticket.findUnique({ where: { number } });
    if (!ticket) return undefined;
    const comments = await this.prisma.ticketComment.findMany({
      where: { caseId: ticket.caseId },
      orderBy: { id: 'desc' },
      take: commentsShownMax,
    });
    return { ticket, comments: comments.reverse() };
  }

  private async raise(caseId: string, priority: TicketPriority | undefined): Promise<void> {
    if (priority === undefined) return;
    await this.prisma.ticket.updateMany({
      where: { caseId, priority: { in: lowerThan(priority) } },
      data: { priority },
    });
  }
}

const cleaned = <T>(request: T): T => withoutNul(request) as T;
