import { emit, type EmitOutput } from '@signalbox/agent-kit';
import { draftCreated, emailRequested } from '@signalbox/contracts';
import { draftsMax, type Complaint, type CustomerState, type Draft } from './customer.state.js';
import { complaintMail, type Mail } from './mail.js';
import type { SentimentRules } from './sentiment.settings.js';
import { draftIdOf, scoreText } from './wording.js';

/** What becomes of the mail about a complaint. */
export interface Drafting {
  readonly state: CustomerState;
  readonly outputs: readonly EmitOutput[];
  /** In a sentence, for the people who hear of the case. */
  readonly summary: string;
}

/** Sends the mail, or keeps it as a draft when the address is unknown or the complaint too grave for a machine's answer. */
export function draftMail(
  customerId: string,
  state: CustomerState,
  complaint: Complaint,
  { autoSendScoreMin }: SentimentRules,
): Drafting {
  const { contact, drafts } = state;
  const mail = complaintMail({ ...complaint, name: contact?.name ?? complaint.customer_name });
  const isGrave = complaint.sentiment_score < autoSendScoreMin;
  if (contact && !isGrave) {
    const summary = `A personal mail goes to ${contact.email}.`;
    return { state, summary, outputs: [mailRequest(customerId, contact.email, mail)] };
  }
  if (drafts.length >= draftsMax) {
    const summary = `No mail was drafted: ${draftsMax} drafts for this customer wait already.`;
    return { state, summary, outputs: [] };
  }
  return keepDraft(customerId, state, mail, isGrave ? grave(complaint, autoSendScoreMin) : unknownAddress);
}

/** The mail as a request, on the record of the customer. */
export function mailRequest(
  customerId: string,
  to: string,
  { subject, body }: Mail,
  label = 'complaint-reply',
): EmitOutput {
  const data = { recipient_id: customerId, to, subject, body_text: body, purpose: 'complaint_reply' };
  return emit(emailRequested, data, { label });
}

interface Reason {
  readonly reason: 'address_unknown' | 'score_below_bound';
  readonly words: string;
}

const unknownAddress: Reason = { reason: 'address_unknown', words: 'the address is not known' };

const grave = ({ sentiment_score }: Complaint, bound: number): Reason => ({
  reason: 'score_below_bound',
  words: `the score ${scoreText(sentiment_score)} is below ${scoreText(bound)}`,
});

function keepDraft(customerId: string, state: CustomerState, { subject, body }: Mail, why: Reason): Drafting {
  const drafts_written = state.drafts_written + 1;
  const to = state.contact?.email;
  const id = draftIdOf(customerId, drafts_written);
  const draft: Draft = { id, subject, body_text: body, ...(to === undefined ? {} : { to }) };
  const { id: draft_id, ...content } = draft;
  return {
    state: { ...state, drafts_written, drafts: [...state.drafts, draft] },
    outputs: [emit(draftCreated, { draft_id, customer_id: customerId, ...content, reason: why.reason })],
    summary: `The mail is kept as draft ${id}, because ${why.words}: signalbox drafts show ${id}`,
  };
}
