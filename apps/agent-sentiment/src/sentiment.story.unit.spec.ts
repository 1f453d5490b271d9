import { decidingHandlers } from '@signalbox/agent-kit-nest';
import {
  draftCompleted,
  draftCreated,
  emailRequested,
  notificationRequested,
  ticketCommentRequested,
  ticketRequested,
} from '@signalbox/contracts';
import { Story } from '@signalbox/test-kit';
import {
  after,
  approved,
  caseId,
  complaint,
  customerId,
  monday10,
  opened,
  rejected,
  resolved,
  rules,
  updated,
} from '../test/samples.js';
import { customerState } from './customer.state.js';
import { SentimentHandlers } from './sentiment.handlers.js';

const story = (): Story =>
  new Story({ name: 'sentiment', handlers: decidingHandlers(new SentimentHandlers(rules)) });
const told = (of: Story): string[] =>
  of.emitted(notificationRequested).map(({ audience, action }) => `${audience} ${action}`);

describe('a complaint', () => {
  it('that nobody looks after: the support lead after four business hours, a manager after four more', () => {
    const of = story();
    of.publish(updated(after(-1)));
    of.publish(complaint());
    of.publish(opened(after(0.1)));
    of.advanceTo('2026-09-07T11:59:59.999Z');
    expect(told(of)).toEqual(['support trigger']);
    of.advanceTo('2026-09-07T12:00:00.000Z');
    expect(told(of)).toEqual(['support trigger', 'support-lead trigger']);
    of.advanceTo('2026-09-08T07:59:59.999Z');
    expect(told(of)).toHaveLength(2);
    of.advanceTo('2026-09-08T08:00:00.000Z');
    expect(told(of)).toEqual(['support trigger', 'support-lead trigger', 'manager trigger']);
    of.advanceBy(30 * 24 * 3_600_000);
    expect(told(of)).toHaveLength(3);
    expect(of.timers()).toEqual([]);
  });

  it('on a Friday evening waits for Monday', () => {
    const of = story();
    of.publish(complaint('2026-09-11T18:00:00.000Z'));
    of.advanceTo('2026-09-14T10:59:59.999Z');
    expect(told(of)).toEqual(['support trigger']);
    of.advanceTo('2026-09-14T11:00:00.000Z');
    expect(told(of)).toEqual(['support trigger', 'support-lead trigger']);
  });

  it('that is resolved in time: nobody else hears of it', () => {
    const of = story();
    of.publish(updated(after(-1)));
    of.publish(complaint());
    of.publish(opened(after(0.1)));
    of.publish(resolved(after(2)));
    of.advanceBy(7 * 24 * 3_600_000);
    expect(told(of)).toEqual(['support trigger', 'support resolve']);
    expect(of.timers()).toEqual([]);
    expect(of.emitted(emailRequested)).toHaveLength(1);
  });

  it('that comes again joins the ticket; after the resolution it is another case', () => {
    const of = story();
    of.publish(complaint());
    of.publish(complaint(after(1)));
    of.publish(complaint(after(1)));
    expect(of.emitted(ticketRequested)).toHaveLength(1);
    expect(of.emitted(ticketCommentRequested)).toMatchObject([{ case_id: caseId, priority: 'urgent' }]);
    of.publish(resolved(after(2)));
    of.publish(complaint(after(3)));
    expect(of.emitted(ticketRequested).map(({ case_id }) => case_id)).toEqual([caseId, 'case-cust_12345-2']);
    expect(of.timers(customerId)).toHaveLength(1);
  });

  it('is resolved in whatever order the desk is heard', () => {
    const of = story();
    of.publish(complaint());
    of.publish(resolved(after(1)));
    of.publish(opened(after(1.1)));
    expect(of.state(customerState, customerId)?.case).toBeUndefined();
    expect(of.timers()).toEqual([]);
  });
});

describe('a draft', () => {
  it('gets its address later, is approved with other words, and goes out once', () => {
    const of = story();
    of.publish(complaint());
    const [draft] = of.emitted(draftCreated);
    expect(draft?.to).toBeUndefined();
    of.publish(approved(after(0.5)));
    expect(of.emitted(emailRequested)).toEqual([]);
    of.publish(updated(after(1)));
    expect(of.emitted(draftCompleted)).toMatchObject([{ to: 'jane.doe@example.com' }]);
    expect(of.emitted(emailRequested)).toEqual([]);
    of.publish(approved(after(2), { body_text: 'Dear Jane, I am on it.' }));
    of.publish(approved(after(3)));
    expect(of.emitted(emailRequested)).toMatchObject([
      { to: 'jane.doe@example.com', subject: draft?.subject, body_text: 'Dear Jane, I am on it.' },
    ]);
  });

  it('is not sent once it is rejected', () => {
    const of = story();
    of.publish(updated(after(-1)));
    of.publish(complaint(monday10, { sentiment_score: -0.95 }));
    expect(of.emitted(draftCreated)).toMatchObject([
      { to: 'jane.doe@example.com', reason: 'score_below_bound' },
    ]);
    of.publish(rejected(after(1)));
    of.publish(approved(after(2)));
    expect(of.emitted(emailRequested)).toEqual([]);
  });
});

it('says in a sentence why it decided so, every time', () => {
  const of = story();
  const events = [
    complaint(),
    complaint(after(1)),
    opened(after(1.1)),
    updated(after(1.2)),
    approved(after(1.3)),
    resolved(after(1.4)),
  ];
  for (const [index, one] of events.entries()) {
    of.publish(one as never);
    expect(of.notes).toHaveLength(index + 1);
  }
});
