import { emit, note, type EmitOutput, type GiveUp, type NoteOutput } from '@signalbox/agent-kit';
import {
  ticketCommented,
  ticketFailed,
  ticketOpened,
  ticketResolved,
  type DataOf,
  type EventEnvelope,
  type TicketPriority,
  type ticketCommentRequested,
  type ticketRequested,
  type ticketResolutionRequested,
} from '@signalbox/contracts';
import type { Ticket } from '../generated/prisma/client.js';

export type TicketEvent = EventEnvelope<DataOf<typeof ticketRequested>>;
export type CommentEvent = EventEnvelope<DataOf<typeof ticketCommentRequested>>;
export type ResolutionEvent = EventEnvelope<DataOf<typeof ticketResolutionRequested>>;

/** `ticket.opened` for a ticket the desk has. */
export const openedOf = ({ event_id: requestId }: TicketEvent, ticket: Ticket): EmitOutput =>
  emit(ticketOpened, {
    ...headOf(ticket),
    request_id: requestId,
    subject: ticket.subject,
    priority: priorityOf(ticket),
    opened_at: ticket.createdAt.toISOString(),
  });

/** `ticket.commented` for a comment the desk has, with or without its ticket. */
export const commentedOf = ({ event_id: requestId, data }: CommentEvent, ticket: Ticket | null): EmitOutput =>
  emit(ticketCommented, {
    case_id: data.case_id,
    customer_id: data.customer_id,
    request_id: requestId,
    ...(ticket ? { ticket_number: ticket.number, priority: priorityOf(ticket) } : {}),
  });

/** `ticket.resolved`, or a note when another request had resolved the ticket before. */
export function resolvedOf(event: ResolutionEvent, ticket: Ticket | undefined): EmitOutput | NoteOutput {
  const { ticket_number: number, by } = event.data;
  if (!ticket?.resolvedAt) return note(`Ticket ${number} was resolved before: nothing to do for ${by}.`);
  return emit(ticketResolved, {
    ...headOf(ticket),
    request_id: event.event_id,
    by: ticket.resolvedBy ?? by,
    ...(ticket.resolvedNote === null ? {} : { note: ticket.resolvedNote }),
    resolved_at: ticket.resolvedAt.toISOString(),
  });
}

/** `ticket.failed` for a request that was given up. */
export const openGivenUp = (event: TicketEvent, failure: GiveUp): EmitOutput[] => [
  failedOf(event, failure, { act: 'open', case_id: event.data.case_id }),
];
export const commentGivenUp = (event: CommentEvent, failure: GiveUp): EmitOutput[] => [
  failedOf(event, failure, { act: 'comment', case_id: event.data.case_id }),
];
export const resolutionGivenUp = (event: ResolutionEvent, failure: GiveUp): EmitOutput[] => [
  failedOf(event, failure, { act: 'resolve', ticket_number: event.data.ticket_number }),
];

function failedOf(
  event: EventEnvelope<{ customer_id: string }>,
  { errorCode, reason, attempts }: GiveUp,
  what: Pick<DataOf<typeof ticketFailed>, 'act'> & { case_id?: string; ticket_number?: number },
): EmitOutput {
  return emit(ticketFailed, {
    request_id: event.event_id,
    customer_id: event.data.customer_id,
    ...what,
    error_code: errorCode,
    reason: reason.slice(0, 1_000) || errorCode,
    attempts,
  });
}

const headOf = ({ number, caseId, customerId }: Ticket) => ({
  ticket_number: number,
  case_id: caseId,
  customer_id: customerId,
});

/** The column holds what the contract let through. */
const priorityOf = ({ priority }: Ticket): TicketPriority => priority as TicketPriority;
