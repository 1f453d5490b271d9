import { emit, note, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { draftCompleted, type DataOf, type draftApproved, type draftRejected } from '@signalbox/contracts';
import { newCustomer, type Customer, type CustomerState, type Draft } from './customer.state.js';
import { mailRequest } from './drafting.js';

export type Approval = DataOf<typeof draftApproved>;
export type Rejection = DataOf<typeof draftRejected>;
type Outputs = Output<CustomerState>[];

/** The address is known: drafts that wait get it, and go on waiting for a person. */
export function onCustomerUpdated({
  event,
  state = newCustomer,
}: DecideInput<CustomerState, Customer>): Outputs {
  const { customer_id, name, email, tier } = event.data;
  const drafts = state.drafts.map((draft) => ({ ...draft, to: email }));
  const changed = state.drafts.filter(({ to }) => to !== email);
  return [
    setState({ ...state, contact: { name, email, ...(tier === undefined ? {} : { tier }) }, drafts }),
    ...changed.map(({ id }) => emit(draftCompleted, { draft_id: id, customer_id, to: email }, { label: id })),
    note(
      changed.length === 0
        ? 'The address is kept for the next mail.'
        : `${idsOf(changed)}: the address is known now; approval is still needed.`,
    ),
  ];
}

/** A person approved: the mail goes out, in the person's words where there are any. */
export function onApproved({ event, state }: DecideInput<CustomerState, Approval>): Outputs {
  const { draft_id, customer_id, by, subject, body_text } = event.data;
  const draft = waiting(state, draft_id);
  if (!state || !draft) return [notWaiting(draft_id)];
  if (draft.to === undefined) {
    return [note(`${draft_id} cannot be sent: the address is not known. It goes on waiting.`)];
  }
  const mail = { subject: subject ?? draft.subject, body: body_text ?? draft.body_text };
  return [
    setState(without(state, draft)),
    mailRequest(customer_id, draft.to, mail, draft_id),
    note(`${draft_id} was approved by ${by}.`),
  ];
}

/** A person rejected: the draft is gone. */
export function onRejected({ event, state }: DecideInput<CustomerState, Rejection>): Outputs {
  const { draft_id, by } = event.data;
  const draft = waiting(state, draft_id);
  if (!state || !draft) return [notWaiting(draft_id)];
  return [setState(without(state, draft)), note(`${draft_id} was rejected by ${by}: it is not sent.`)];
}

const waiting = (state: CustomerState | undefined, id: string): Draft | undefined =>
  state?.drafts.find((draft) => draft.id === id);

const without = (state: CustomerState, { id }: Draft): CustomerState => ({
  ...state,
  drafts: state.drafts.filter((draft) => draft.id !== id),
});

const notWaiting = (id: string) => note(`${id} does not wait for anybody (any more).`);

const idsOf = (drafts: readonly Draft[]): string =>
  drafts.length > 2 ? `${drafts.length} drafts` : drafts.map(({ id }) => id).join(' and ');
