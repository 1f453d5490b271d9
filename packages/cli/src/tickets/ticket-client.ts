import { SignalboxError } from '@signalbox/errors';
import { answerObject } from '../operate/answer-object.js';

const answerWithinMs = 10_000;
/** The largest page the notifier gives. */
const pageTicketsMax = 200;

/** A ticket as the notifier's API gives it; times are RFC 3339. */
export interface TicketView {
  readonly number: number;
  readonly caseId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly correlationId: string;
  readonly subject: string;
  readonly bodyText: string;
  readonly priority: string;
  readonly link: string | null;
  readonly createdAt: string;
  readonly resolvedAt: string | null;
  readonly resolvedBy: string | null;
  readonly resolvedNote: string | null;
}

export interface TicketComment {
  readonly bodyText: string;
  readonly priority: string | null;
  readonly createdAt: string;
}

export type TicketFile = TicketView & { readonly comments: readonly TicketComment[] };

export interface TicketQuery {
  readonly status: 'open' | 'resolved' | 'all';
  /** The newest so many. */
  readonly limit: number;
}

/** Tickets, newest first. Throws `outbound_failed` when the notifier does not answer. */
export async function readTickets(notifierUrl: string, query: TicketQuery): Promise<TicketView[]> {
  const tickets: TicketView[] = [];
  let before: number | null = null;
  do {
    const url = new URL('/tickets', notifierUrl);
    url.searchParams.set('status', query.status);
    url.searchParams.set('limit', String(Math.min(pageTicketsMax, query.limit - tickets.length)));
    if (before !== null) url.searchParams.set('before', String(before));
    const page = (await get(url, 'tickets')) as { tickets: readonly TicketView[]; next: number | null };
    tickets.push(...page.tickets);
    before = page.tickets.length > 0 ? page.next : null;
  } while (before !== null && tickets.length < query.limit);
  return tickets;
}

/** One ticket with its comments. Throws `not_found`, or `outbound_failed` when the notifier does not answer. */
export const readTicket = async (notifierUrl: string, number: number): Promise<TicketFile> =>
  (await get(new URL(`/tickets/${number}`, notifierUrl))) as TicketFile;

async function get(url: URL, list?: string): Promise<object> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).catch(
    (cause: unknown) => {
      throw new SignalboxError('outbound_failed', `The notifier does not answer at ${url.origin}.`, {
        cause,
        action: 'Start the stack with `npm start` and look at `npx signalbox status`.',
      });
    },
  );
  const answer = await answerObject(response, 'the notifier', list);
  if (response.ok) return answer;
  const problem: { readonly detail?: unknown } = answer;
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `The notifier answered ${response.status}.`;
  throw new SignalboxError(response.status === 404 ? 'not_found' : 'outbound_failed', detail, {
    action: '`npx signalbox tickets list` shows the tickets there are.',
  });
}
