import { emit, setState } from '@signalbox/agent-kit';
import { draftCompleted, emailRequested } from '@signalbox/contracts';
import { given } from '@signalbox/test-kit';
import {
  approved,
  contact,
  customerId,
  draftId,
  known,
  monday10,
  rejected,
  updated,
} from '../test/samples.js';
import { customerState, type CustomerState } from './customer.state.js';
import { onApproved, onCustomerUpdated, onRejected } from './drafts.decide.js';

const draft = { id: draftId, subject: 'About it', body_text: 'Dear Jane' };
const complete = { ...draft, to: contact.email };
const nobody: CustomerState = { cases_opened: 1, drafts_written: 1, drafts: [draft] };
const jane = known({ cases_opened: 1, drafts_written: 1, drafts: [complete] });
const mail = (subject: string, body_text: string) =>
  emit(
    emailRequested,
    { recipient_id: customerId, to: contact.email, subject, body_text, purpose: 'complaint_reply' },
    { label: draftId },
  );

describe('an address that becomes known', () => {
  it('is kept for later complaints', () => {
    given(undefined, customerState).when(updated(monday10)).with(onCustomerUpdated).then(setState(known()));
  });

  it('completes the drafts that wait, and sends none of them', () => {
    given(nobody, customerState)
      .when(updated(monday10))
      .with(onCustomerUpdated)
      .then(
        setState(jane),
        emit(
          draftCompleted,
          { draft_id: draftId, customer_id: customerId, to: contact.email },
          { label: draftId },
        ),
      );
  });

  it('says nothing of drafts that have it already, and corrects the others', () => {
    given(jane, customerState).when(updated(monday10)).with(onCustomerUpdated).then(setState(jane));
    const decision = given(jane, customerState)
      .when(updated(monday10, { email: 'jane@new.example' }))
      .with(onCustomerUpdated);
    expect(decision.emitted(draftCompleted)).toMatchObject([{ to: 'jane@new.example' }]);
  });

  it('forgets a tier the register does not name any more', () => {
    const { tier: _gone, ...rest } = contact;
    given(known(), customerState)
      .when(updated(monday10, { tier: undefined }))
      .with(onCustomerUpdated)
      .then(setState(known({ contact: rest })));
  });
});

describe('an approval', () => {
  it('sends the draft', () => {
    given(jane, customerState)
      .when(approved(monday10))
      .with(onApproved)
      .then(setState({ ...jane, drafts: [] }), mail('About it', 'Dear Jane'));
  });

  it('sends the words of the person who approved', () => {
    given(jane, customerState)
      .when(approved(monday10, { subject: 'Sorry', body_text: 'Hello Jane' }))
      .with(onApproved)
      .then(setState({ ...jane, drafts: [] }), mail('Sorry', 'Hello Jane'));
  });

  it('leaves a draft without an address where it is', () => {
    given(nobody, customerState).when(approved(monday10)).with(onApproved).thenNothing();
  });

  it.each([[undefined], [known()]])('of a draft that does not wait does nothing', (state) => {
    given(state, customerState).when(approved(monday10)).with(onApproved).thenNothing();
    given(state, customerState).when(rejected(monday10)).with(onRejected).thenNothing();
  });
});

it('a rejection takes the draft away, and that one only', () => {
  const other = { ...complete, id: 'draft-cust_12345-2' };
  given({ ...jane, drafts: [complete, other] }, customerState)
    .when(rejected(monday10))
    .with(onRejected)
    .then(setState({ ...jane, drafts: [other] }));
});
