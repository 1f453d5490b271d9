import {
  cancelTimer,
  note,
  setState,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import {
  rfc3339Ms,
  type DataOf,
  type negativeSentimentDetected,
  type ticketOpened,
  type ticketResolved,
} from '@signalbox/contracts';
import {
  comment,
  complaintLines,
  followUpAfter,
  followUpTimer,
  joined,
  newCase,
  openingOutputs,
  type TimerPayload,
} from './cases.js';
import {
  escalationsMax,
  newCustomer,
  type Complaint,
  type CustomerState,
  type OpenCase,
} from './customer.state.js';
import { draftMail } from './drafting.js';
import { audiences, nameOf, tell } from './messages.js';
import type { SentimentRules } from './sentiment.settings.js';
import { oneLine } from './wording.js';

export type Detected = DataOf<typeof negativeSentimentDetected>;
export type Opened = DataOf<typeof ticketOpened>;
export type Resolved = DataOf<typeof ticketResolved>;
type Outputs = Output<CustomerState>[];

/** A customer complained: opens a case with ticket, mail, message and follow-up, or joins the open one. */
export function onComplaint(
  { event, state = newCustomer, now }: DecideInput<CustomerState, Detected>,
  rules: SentimentRules,
): Outputs {
  const { customer_id } = event.data;
  const complaint = complaintOf(event.data);
  if (state.case) return join(customer_id, state, state.case, complaint, now);
  const drafting = draftMail(customer_id, state, complaint, rules);
  const of = newCase(customer_id, state, complaint, now);
  const said = { mail: drafting.summary, outputs: drafting.outputs };
  return [
    ...openingOutputs(customer_id, drafting.state, of, said, rules, now),
    note(`Opened ${of.id} with a ticket of priority ${of.priority}. ${drafting.summary}`),
  ];
}

/** The ticket desk has the ticket: from now on people call the case by its number. */
export function onTicketOpened({ event, state }: DecideInput<CustomerState, Opened>): Outputs {
  const { case_id, ticket_number } = event.data;
  if (state?.case?.id !== case_id) return [note(`Ticket ${ticket_number} belongs to no open case of ours.`)];
  return [
    setState({ ...state, case: { ...state.case, ticket_number } }),
    note(`${case_id} has ticket ${ticket_number}.`),
  ];
}

/** The ticket is resolved: nobody needs to look after it any more, unless the customer complained after that. */
export function onTicketResolved(
  { event, state, now }: DecideInput<CustomerState, Resolved>,
  rules: SentimentRules,
): Outputs {
  const { case_id, ticket_number, customer_id, by, resolved_at } = event.data;
  const of = state?.case;
  if (!state || of?.id !== case_id) return [note(`Ticket ${ticket_number} belongs to no open case of ours.`)];
  const { case: _closed, ...rest } = state;
  if (rfc3339Ms(of.last_at) > rfc3339Ms(resolved_at)) return reopen(customer_id, rest, of, rules, now);
  const title = `Ticket ${ticket_number} is resolved: ${oneLine(of.last.customer_name, 200, customer_id)}`;
  const lines = [`Resolved by ${by}.`, ...(event.data.note === undefined ? [] : [event.data.note])];
  const told = audiences.slice(0, 1 + of.escalations);
  return [
    setState(rest),
    ...told.map((audience) => tell(of, audience, { action: 'resolve', title, lines })),
    cancelTimer(followUpTimer),
    note(`Closed ${case_id}: ticket ${ticket_number} was resolved by ${by}. The follow-up is cancelled.`),
  ];
}

/** Not resolved within four business hours: the support lead hears of it, after four more a manager. */
export function onFollowUp(
  { timer, state, now, key }: TimerInput<CustomerState, TimerPayload>,
  { calendar }: SentimentRules,
): Outputs {
  const of = state?.case;
  if (!state || of?.id !== timer.payload.case_id || of.escalations >= escalationsMax) {
    return [note('The case is closed: nothing to follow up.')];
  }
  const escalations = of.escalations + 1;
  const after: OpenCase = { ...of, escalations };
  const audience = audiences[escalations] ?? 'manager';
  const hours = 4 * escalations;
  const last = escalations >= escalationsMax;
  return [
    setState({ ...state, case: after }),
    tell(after, audience, {
      action: 'trigger',
      title: `${nameOf(of)} is not resolved after ${hours} business hours`,
      lines: [
        `Complaint of ${oneLine(of.last.customer_name, 200, key.value)}, ${of.complaints} so far.`,
        ...complaintLines(key.value, state, of),
      ],
    }),
    ...(last ? [] : [followUpAfter(after, now, calendar)]),
    note(`${of.id} is not resolved after ${hours} business hours: told ${audience}.`),
  ];
}

function join(
  customerId: string,
  state: CustomerState,
  before: OpenCase,
  complaint: Complaint,
  now: Date,
): Outputs {
  const of = joined(before, complaint, now);
  const isNew = of.complaints > before.complaints;
  const hasRisen = of.priority !== before.priority;
  if (!isNew && !hasRisen) return [note(`The post is known to ${before.id}: nothing new.`)];
  const rise = hasRisen ? `, which rises from ${before.priority} to ${of.priority}` : '';
  return [
    setState({ ...state, case: of }),
    comment(customerId, of, complaint),
    ...(hasRisen ? [tell(of, 'support', risen(customerId, state, of, before))] : []),
    note(`Complaint ${of.complaints} joins ${of.id}${rise}.`),
  ];
}

function risen(customerId: string, state: CustomerState, of: OpenCase, before: OpenCase) {
  return {
    action: 'trigger' as const,
    title: `${nameOf(of)} is now ${of.priority}: ${oneLine(of.last.customer_name, 200, customerId)} complains again`,
    lines: [`Priority rose from ${before.priority}.`, ...complaintLines(customerId, state, of)],
  };
}

/** The last complaint came after the ticket was resolved: it must not get lost with it. The mail has been written already. */
function reopen(
  customerId: string,
  state: CustomerState,
  closed: OpenCase,
  rules: SentimentRules,
  now: Date,
): Outputs {
  const of = newCase(customerId, state, closed.last, now);
  const mail = 'No further mail was written.';
  return [
    ...openingOutputs(customerId, state, of, { mail, outputs: [] }, rules, now),
    note(`The customer complained after ${closed.id} was resolved: opened ${of.id}.`),
  ];
}

/** What the agent keeps of a complaint; unknown fields are left out. */
function complaintOf(data: Detected): Complaint {
  const { source, original_post_url, customer_name, sentiment_score, message, action_required } = data;
  return { source, original_post_url, customer_name, sentiment_score, message, action_required };
}
