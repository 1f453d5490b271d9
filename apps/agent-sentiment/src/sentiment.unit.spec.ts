import { cancelTimer, emit, setState, setTimer } from '@signalbox/agent-kit';
import {
  draftCreated,
  emailRequested,
  negativeSentimentDetected,
  notificationRequested,
  ticketCommentRequested,
  ticketRequested,
} from '@signalbox/contracts';
import { event, given, textMatching, timer } from '@signalbox/test-kit';
import {
  after,
  caseId,
  complaint,
  customerId,
  draftId,
  kindsOf,
  known,
  monday10,
  opened,
  resolved,
  rules,
  stateAfter,
  withCase,
} from '../test/samples.js';
import { followUpTimer } from './cases.js';
import { customerState, draftsMax, postsMax, type CustomerState } from './customer.state.js';
import { onComplaint, onFollowUp, onTicketOpened, onTicketResolved } from './sentiment.decide.js';

const complains = (state: CustomerState | undefined, data = {}, at = monday10) =>
  given(state, customerState)
    .when(complaint(at, data))
    .with((input) => onComplaint(input, rules));
const firesAt = (state: CustomerState | undefined, at: string, of = caseId) =>
  given(state, customerState)
    .when(timer(followUpTimer, { payload: { case_id: of }, dueAt: at, key: customerId }))
    .with((input) => onFollowUp(input, rules));
const followUp = (at: string) => setTimer(followUpTimer, new Date(at), { case_id: caseId });

describe('the first complaint', () => {
  it('opens a ticket, writes a mail, tells support and sets the follow-up', () => {
    const decision = complains(known());
    expect(kindsOf(decision.outputs)).toEqual([
      'set_state',
      'ticket.requested',
      'email.requested complaint-reply',
      'notification.requested support:trigger',
      'set_timer follow-up',
    ]);
    decision.thenIncludes(
      emit(ticketRequested, {
        ...ticketRequested.example,
        body_text: textMatching(/buggy.*\n\nPriority high: score −0\.85, action asked for\.\n.*enterprise$/s),
        link: `https://twitter.com/user/status/${Date.parse(monday10)}`,
      }),
      emit(
        emailRequested,
        {
          recipient_id: customerId,
          to: 'jane.doe@example.com',
          subject: 'About the trouble with our product',
          body_text: textMatching(/^Dear Jane Doe,.*sorry.*opened a case/s),
          purpose: 'complaint_reply',
        },
        { label: 'complaint-reply' },
      ),
      followUp(after(4)),
    );
    expect(decision.emitted(notificationRequested)).toMatchObject([
      {
        audience: 'support',
        channel: 'slack',
        severity: 'high',
        dedup_key: caseId,
        title: 'Jane Doe complains on twitter',
        body_text: textMatching(/jane\.doe@example\.com.*Unresolved at 2026-09-07 14:00 \(Europe\/Berlin\)/s),
      },
    ]);
    expect(stateAfter(decision.outputs)).toMatchObject({
      cases_opened: 1,
      case: { id: caseId, complaints: 1 },
    });
  });

  it('keeps the mail as a draft when the address is unknown', () => {
    const decision = complains(undefined);
    expect(kindsOf(decision.outputs)).toContain('draft.created');
    expect(decision.emitted(emailRequested)).toEqual([]);
    const [draft] = decision.emitted(draftCreated);
    expect(draft).toMatchObject({ draft_id: draftId, customer_id: customerId, reason: 'address_unknown' });
    expect(draft).not.toHaveProperty('to');
    expect(decision.emitted(notificationRequested)[0]?.body_text).toContain(
      `signalbox drafts show ${draftId}`,
    );
    expect(stateAfter(decision.outputs).drafts).toHaveLength(1);
  });

  it.each([
    [-0.9, 0],
    [-0.91, 1],
    [-1, 1],
  ])('with score %d leaves %i mail to a person', (sentiment_score, drafts) => {
    const decision = complains(known(), { sentiment_score });
    expect(decision.emitted(draftCreated)).toHaveLength(drafts);
    expect(decision.emitted(emailRequested)).toHaveLength(1 - drafts);
    if (drafts > 0)
      expect(decision.emitted(draftCreated)[0]).toMatchObject({
        reason: 'score_below_bound',
        to: 'jane.doe@example.com',
      });
  });

  it('writes no draft when twenty wait, and says so', () => {
    const drafts = Array.from({ length: draftsMax }, (_, n) => ({
      id: `d-${n}`,
      subject: 's',
      body_text: 'b',
    }));
    const decision = complains({ cases_opened: 3, drafts_written: 20, drafts });
    expect(decision.emitted(draftCreated)).toEqual([]);
    expect(decision.emitted(notificationRequested)[0]?.body_text).toContain('No mail was drafted');
  });

  it('takes the longest complaint there can be', () => {
    const decision = complains(undefined, {
      customer_id: 'ü'.repeat(255),
      customer_name: '🙂'.repeat(255),
      source: '🙂'.repeat(255),
      message: '🙁'.repeat(10_000),
    });
    expect(kindsOf(decision.outputs)).toHaveLength(5);
  });
});

describe('a further complaint', () => {
  it('joins the ticket and raises its priority by one', () => {
    const before = withCase();
    const decision = complains(before, { message: 'Still broken.' }, after(1));
    decision.then(
      setState({
        ...before,
        case: {
          ...before.case,
          priority: 'urgent',
          complaints: 2,
          last: { ...before.case.last, message: 'Still broken.', original_post_url: textMatching(/status/) },
          last_at: after(1),
          posts: [...before.case.posts, textMatching(/status/)],
        },
      }),
      emit(ticketCommentRequested, {
        case_id: caseId,
        customer_id: customerId,
        body_text: 'Complaint 2, on twitter, score −0.85:\n\nStill broken.',
        priority: 'urgent',
        link: textMatching(/status/),
      }),
      emit(
        notificationRequested,
        {
          subject_kind: 'case',
          subject_id: caseId,
          channel: 'slack',
          audience: 'support',
          action: 'trigger',
          dedup_key: caseId,
          severity: 'critical',
          title: `The ticket of ${caseId} is now urgent: Jane Doe complains again`,
          body_text: textMatching(/^Priority rose from high\./),
          link: textMatching(/status/),
        },
        { label: 'support:trigger' },
      ),
    );
  });

  it('tells nobody again once the ticket is urgent', () => {
    const decision = complains(withCase(known(), {}, { priority: 'urgent' }), {}, after(1));
    expect(kindsOf(decision.outputs)).toEqual(['set_state', 'ticket_comment.requested']);
  });

  it('is none when the post is known and not worse', () => {
    const before = withCase();
    complains(before, { original_post_url: before.case.last.original_post_url }, after(1)).thenNothing();
  });

  it('raises the ticket to what a known post is worth now, and no further', () => {
    const before = withCase(known(), { sentiment_score: -0.6, action_required: false });
    const data = { original_post_url: before.case.last.original_post_url, sentiment_score: -0.95 };
    const decision = complains(before, data, after(1));
    expect(decision.emitted(ticketCommentRequested)).toMatchObject([{ priority: 'urgent' }]);
    expect(stateAfter(decision.outputs).case).toMatchObject({ complaints: 1, priority: 'urgent' });
  });

  it('keeps the state bounded in a storm', () => {
    let state: CustomerState = withCase();
    for (let n = 1; n <= 200; n += 1) state = stateAfter(complains(state, {}, after(n / 100)).outputs);
    expect(state.case?.complaints).toBe(201);
    expect(state.case?.posts).toHaveLength(postsMax);
  });
});

describe('the ticket desk', () => {
  it('tells the number', () => {
    const before = withCase();
    given(before, customerState)
      .when(opened(after(1)))
      .with(onTicketOpened)
      .then(setState({ ...before, case: { ...before.case, ticket_number: 17 } }));
  });

  it.each([[known()], [undefined]])('tells of a ticket that is not ours', (state) => {
    given(state, customerState)
      .when(opened(after(1)))
      .with(onTicketOpened)
      .thenNothing();
    given(state, customerState)
      .when(resolved(after(1)))
      .with((input) => onTicketResolved(input, rules))
      .thenNothing();
  });

  it('resolves: the case is closed, whoever was told hears of it, the follow-up is cancelled', () => {
    const decision = given<CustomerState>(withCase(known(), {}, { escalations: 1 }), customerState)
      .when(resolved(after(5)))
      .with((input) => onTicketResolved(input, rules));
    decision.thenIncludes(setState(known({ cases_opened: 1 })), cancelTimer(followUpTimer));
    expect(decision.emitted(notificationRequested)).toMatchObject([
      { audience: 'support', action: 'resolve', title: 'Ticket 17 is resolved: Jane Doe' },
      { audience: 'support-lead', action: 'resolve', body_text: 'Resolved by sam.\nReplaced the device.' },
    ]);
  });

  it('opens another case when the customer complained after the ticket was resolved', () => {
    const before = withCase(known(), {}, { last_at: after(3) });
    const decision = given<CustomerState>(before, customerState)
      .when(resolved(after(2)))
      .at(after(3))
      .with((input) => onTicketResolved(input, rules));
    expect(kindsOf(decision.outputs)).toEqual([
      'set_state',
      'ticket.requested',
      'notification.requested support:trigger',
      'set_timer follow-up',
    ]);
    expect(stateAfter(decision.outputs)).toMatchObject({
      cases_opened: 2,
      case: { id: 'case-cust_12345-2' },
    });
  });
});

describe('four business hours later', () => {
  it('the support lead hears of it, and a manager is next', () => {
    const before = withCase(known(), {}, { ticket_number: 17 });
    const decision = firesAt(before, after(4));
    decision.thenIncludes(
      setState({ ...before, case: { ...before.case, escalations: 1 } }),
      // Monday 14:00, and four more hours: three on Monday, one on Tuesday.
      followUp('2026-09-08T08:00:00.000Z'),
    );
    expect(decision.emitted(notificationRequested)).toMatchObject([
      { audience: 'support-lead', title: 'Ticket 17 is not resolved after 4 business hours' },
    ]);
  });

  it('and four more: a manager, and that is all', () => {
    const decision = firesAt(withCase(known(), {}, { escalations: 1 }), after(24));
    expect(kindsOf(decision.outputs)).toEqual(['set_state', 'notification.requested manager:trigger']);
    firesAt(stateAfter(decision.outputs), after(48)).thenNothing();
  });

  it('nothing happens when the case is closed, or another one is open', () => {
    firesAt(known({ cases_opened: 1 }), after(4)).thenNothing();
    firesAt(undefined, after(4)).thenNothing();
    firesAt(withCase(), after(4), 'case-cust_12345-0').thenNothing();
  });
});

it('takes the payload of the sentiment service as it is', () => {
  const decision = given<CustomerState>(undefined, customerState)
    .when(event(negativeSentimentDetected, negativeSentimentDetected.example))
    .with((input) => onComplaint(input, rules));
  expect(decision.emitted(ticketRequested)).toMatchObject([{ priority: 'high', customer_id: customerId }]);
});
