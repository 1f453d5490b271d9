import type { Attempt, EmitOutput, NoteOutput } from '@signalbox/agent-kit';
import { AgentHandlers, Perform } from '@signalbox/agent-kit-nest';
import { ticketCommentRequested, ticketRequested, ticketResolutionRequested } from '@signalbox/contracts';
import { Inject } from '@nestjs/common';
import { TicketDesk } from './ticket-desk.js';
import {
  commentGivenUp,
  commentedOf,
  openGivenUp,
  openedOf,
  resolutionGivenUp,
  resolvedOf,
  type CommentEvent,
  type ResolutionEvent,
  type TicketEvent,
} from './ticket.results.js';

type Results = Promise<readonly (EmitOutput | NoteOutput)[]>;

/** The desk is a table of this app and finds repeats itself: an act whose end nobody saw is simply done again. */
const atTheDesk = { destination: () => 'ticket-desk', unknownOutcome: 'repeat' } as const;

/** Opens, comments and resolves tickets, each request once, and reports the result. */
@AgentHandlers()
export class TicketHandlers {
  constructor(@Inject(TicketDesk) private readonly desk: TicketDesk) {}

  @Perform(ticketRequested, { ...atTheDesk, giveUp: openGivenUp })
  async openTicket(event: TicketEvent): Results {
    return [openedOf(event, await this.desk.open(event.data, event.metadata.correlation_id))];
  }

  @Perform(ticketCommentRequested, { ...atTheDesk, giveUp: commentGivenUp })
  async commentTicket(event: CommentEvent, { idempotencyKey }: Attempt): Results {
    return [commentedOf(event, await this.desk.comment(event.data, idempotencyKey))];
  }

  @Perform(ticketResolutionRequested, { ...atTheDesk, giveUp: resolutionGivenUp })
  async resolveTicket(event: ResolutionEvent, { idempotencyKey, now }: Attempt): Results {
    return [resolvedOf(event, await this.desk.resolve(event.data, idempotencyKey, now))];
  }
}
