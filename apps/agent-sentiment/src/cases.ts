import {
  emit,
  setState,
  setTimer,
  type EmitOutput,
  type Output,
  type SetTimerOutput,
} from '@signalbox/agent-kit';
import { ticketCommentRequested, ticketRequested, type TicketPriority } from '@signalbox/contracts';
import { addBusinessTime, hourMs, localTime } from './business-calendar.js';
import { complaintKind } from './complaint-kind.js';
import { postsMax, type Complaint, type CustomerState, type OpenCase } from './customer.state.js';
import { tell } from './messages.js';
import { higherOf, oneHigher, priorityOf } from './priority.js';
import type { SentimentRules } from './sentiment.settings.js';
import { caseIdOf, clip, oneLine, scoreText } from './wording.js';

/** Business time a case may stay unresolved before the next person hears of it, in milliseconds. */
export const followUpMs = 4 * hourMs;
export const followUpTimer = 'follow-up';

/** Which case a timer belongs to: for another one it does nothing. */
export interface TimerPayload {
  readonly case_id: string;
}

/** The next case of a customer, from the complaint that begins it. */
export function newCase(customerId: string, state: CustomerState, complaint: Complaint, now: Date): OpenCase {
  const at = now.toISOString();
  return {
    id: caseIdOf(customerId, state.cases_opened + 1),
    opened_at: at,
    priority: priorityOf(complaint.sentiment_score, complaint.action_required),
    complaints: 1,
    last: complaint,
    last_at: at,
    posts: [complaint.original_post_url],
    escalations: 0,
  };
}

/** State with the case, its ticket, the message to support and the follow-up. `said`: what became of the mail. */
export function openingOutputs(
  customerId: string,
  state: CustomerState,
  of: OpenCase,
  said: { readonly mail: string; readonly outputs: readonly EmitOutput[] },
  { calendar }: SentimentRules,
  now: Date,
): Output<CustomerState>[] {
  const followUp = followUpAfter(of, now, calendar);
  const due = localTime(followUp.dueAt, calendar);
  return [
    setState({ ...state, cases_opened: state.cases_opened + 1, case: of }),
    ticket(customerId, state, of),
    ...said.outputs,
    tell(of, 'support', {
      action: 'trigger',
      title: `${oneLine(of.last.customer_name, 200, customerId)} complains on ${oneLine(of.last.source, 100, 'the web')}`,
      lines: [
        ...complaintLines(customerId, state, of),
        said.mail,
        `Unresolved at ${due}, it goes to the support lead.`,
      ],
    }),
    followUp,
  ];
}

/** The case with one more complaint. A post that is known already counts for its score only. */
export function joined(before: OpenCase, complaint: Complaint, now: Date): OpenCase {
  const isKnown = before.posts.includes(complaint.original_post_url);
  const told = higherOf(before.priority, priorityOf(complaint.sentiment_score, complaint.action_required));
  if (isKnown) return { ...before, priority: told };
  return {
    ...before,
    priority: oneHigher(told),
    complaints: before.complaints + 1,
    last: complaint,
    last_at: now.toISOString(),
    posts: [...before.posts, complaint.original_post_url].slice(-postsMax),
  };
}

/** A further complaint on the ticket of the case. */
export function comment(customerId: string, of: OpenCase, complaint: Complaint): EmitOutput {
  const { source, message, sentiment_score, original_post_url } = complaint;
  return emit(ticketCommentRequested, {
    case_id: of.id,
    customer_id: customerId,
    body_text: `Complaint ${of.complaints}, on ${source}, score ${scoreText(sentiment_score)}:\n\n${clip(message, 15_000)}`,
    priority: of.priority,
    link: original_post_url,
  });
}

export function followUpAfter(of: OpenCase, now: Date, calendar: SentimentRules['calendar']): SetTimerOutput {
  const payload: TimerPayload = { case_id: of.id };
  return setTimer(followUpTimer, addBusinessTime(now, followUpMs, calendar), payload);
}

/** `Priority high: score −0.85, action asked for.` */
export const priorityLine = (
  priority: TicketPriority,
  { sentiment_score, action_required }: Complaint,
): string =>
  `Priority ${priority}: score ${scoreText(sentiment_score)}, ${action_required ? 'action asked for' : 'no action asked for'}.`;

/** What was said, by whom and how bad it is. */
export function complaintLines(customerId: string, { contact }: CustomerState, of: OpenCase): string[] {
  const tier = contact?.tier === undefined ? '' : `, ${contact.tier}`;
  return [
    `“${clip(of.last.message, 1_000)}”`,
    `Customer ${customerId}${tier}. ${priorityLine(of.priority, of.last)}`,
  ];
}

function ticket(customerId: string, { contact }: CustomerState, of: OpenCase): EmitOutput {
  const { source, message, customer_name, original_post_url } = of.last;
  const subject = `Complaint on ${oneLine(source, 60, 'the web')}: ${complaintKind(message)} (${oneLine(customer_name, 120, customerId)})`;
  const tier = contact?.tier === undefined ? [] : [`Customer tier: ${contact.tier}`];
  return emit(ticketRequested, {
    case_id: of.id,
    customer_id: customerId,
    customer_name,
    subject: clip(subject, 255),
    body_text: [clip(message, 15_000), '', priorityLine(of.priority, of.last), ...tier].join('\n'),
    priority: of.priority,
    link: original_post_url,
  });
}
