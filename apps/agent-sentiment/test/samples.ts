import type { Output } from '@signalbox/agent-kit';
import {
  customerUpdated,
  draftApproved,
  draftRejected,
  negativeSentimentDetected,
  ticketOpened,
  ticketResolved,
} from '@signalbox/contracts';
import { event, given, type EventOptions, type TestEvent } from '@signalbox/test-kit';
import { customerState, type Customer, type CustomerState, type OpenCase } from '../src/customer.state.js';
import type { Approval, Rejection } from '../src/drafts.decide.js';
import { onComplaint, type Detected, type Opened, type Resolved } from '../src/sentiment.decide.js';
import type { SentimentRules } from '../src/sentiment.settings.js';

/** Monday, 7 September 2026, 10:00 in Berlin. */
export const monday10 = '2026-09-07T08:00:00.000Z';
/** `hours` after Monday at 10. */
export const after = (hours: number): string =>
  new Date(Date.parse(monday10) + hours * 3_600_000).toISOString();

export const rules: SentimentRules = {
  autoSendScoreMin: -0.9,
  calendar: { timeZone: 'Europe/Berlin', holidays: new Set() },
};
export const customerId = 'cust_12345';
export const caseId = 'case-cust_12345-1';
export const draftId = 'draft-cust_12345-1';
export const contact = { name: 'Jane Doe', email: 'jane.doe@example.com', tier: 'enterprise' };

const options = (what: string, at: string): EventOptions => ({ at, eventId: `${what} ${at}` });

/** A complaint; every time has a post of its own. */
export const complaint = (at = monday10, data: Partial<Detected> = {}): TestEvent<Detected> =>
  event(
    negativeSentimentDetected,
    {
      ...negativeSentimentDetected.example,
      timestamp: at,
      original_post_url: `https://twitter.com/user/status/${Date.parse(at)}`,
      ...data,
    },
    options('complaint', at),
  );
export const opened = (at: string, data: Partial<Opened> = {}): TestEvent<Opened> =>
  event(ticketOpened, { ...ticketOpened.example, opened_at: at, ...data }, options('opened', at));
export const resolved = (at: string, data: Partial<Resolved> = {}): TestEvent<Resolved> =>
  event(ticketResolved, { ...ticketResolved.example, resolved_at: at, ...data }, options('resolved', at));
export const updated = (at: string, data: Partial<Customer> = {}): TestEvent<Customer> =>
  event(customerUpdated, { ...customerUpdated.example, ...data }, options('updated', at));
export const approved = (at: string, data: Partial<Approval> = {}): TestEvent<Approval> =>
  event(draftApproved, { ...draftApproved.example, ...data }, options('approved', at));
export const rejected = (at: string, data: Partial<Rejection> = {}): TestEvent<Rejection> =>
  event(draftRejected, { ...draftRejected.example, ...data }, options('rejected', at));

/** A customer whose address is known. */
export const known = (change: Partial<CustomerState> = {}): CustomerState => ({
  contact,
  cases_opened: 0,
  drafts_written: 0,
  drafts: [],
  ...change,
});

/** The state a decision leaves. */
export function stateAfter(outputs: readonly Output<CustomerState>[]): CustomerState {
  const written = outputs.find((output) => output.kind === 'set_state');
  if (written?.kind !== 'set_state') throw new TypeError('the decision writes no state');
  return written.state;
}

/** A customer with a case open since Monday at 10. */
export function withCase(
  before: CustomerState = known(),
  data: Partial<Detected> = {},
  change: Partial<OpenCase> = {},
): CustomerState & { case: OpenCase } {
  const decision = given(before, customerState)
    .when(complaint(monday10, data))
    .with((input) => onComplaint(input, rules));
  const state = stateAfter(decision.outputs);
  if (!state.case) throw new TypeError('no case was opened');
  return { ...state, case: { ...state.case, ...change } };
}

/** `kind what` of each output but notes, for a look at the whole. */
export const kindsOf = (outputs: readonly Output<unknown>[]): string[] =>
  outputs.flatMap((output) => {
    if (output.kind === 'emit')
      return [`${output.contract.type}${output.label === undefined ? '' : ` ${output.label}`}`];
    if (output.kind === 'note') return [];
    return [
      output.kind === 'set_timer' || output.kind === 'cancel_timer'
        ? `${output.kind} ${output.name}`
        : output.kind,
    ];
  });
