import {
  draftApproved,
  draftCompleted,
  draftCreated,
  draftRejected,
  emailRequested,
  type AnyContract,
} from '@signalbox/contracts';
import { draftTable, draftText } from './draft-text.js';
import { foldDrafts, type TimedEvent } from './fold-drafts.js';

const zeroMs = Date.parse('2026-04-05T12:00:00Z');

function at(
  atMs: number,
  { type, example }: AnyContract,
  data: object = {},
  id = `${type} ${atMs}`,
  cause?: string,
): TimedEvent {
  const event = {
    event_id: id,
    event_type: type,
    timestamp: new Date(zeroMs + atMs).toISOString(),
    data: { ...(example as object), ...data },
    metadata: {
      source_service: 'test',
      correlation_id: 'story-1',
      ...(cause === undefined ? {} : { causation_id: cause }),
    },
  };
  return { event, atMs: zeroMs + atMs };
}
const created = (atMs: number, data: object = {}) => at(atMs, draftCreated, data);
const homeless = created(1, { to: undefined, reason: 'address_unknown' });
const mail = (atMs: number, cause: string) => at(atMs, emailRequested, {}, `mail ${atMs}`, cause);
const statuses = (...events: TimedEvent[]) => foldDrafts(events).map(({ status }) => status);

it('follows a draft from its creation to the mail', () => {
  const events = [
    homeless,
    at(2, draftCompleted),
    at(3, draftApproved, { note: 'Fine.' }, 'approval'),
    mail(4, 'approval'),
  ];
  expect([1, 2, 3, 4].map((count) => statuses(...events.slice(0, count))[0])).toEqual([
    'needs-address',
    'waiting',
    'approved',
    'sent',
  ]);
  expect(foldDrafts(events)).toMatchObject([
    { draft_id: 'draft-cust_12345-1', to: 'jane.doe@example.com', by: 'sam', note: 'Fine.' },
  ]);
});

it('comes to the same in whatever order the topics are read', () => {
  const events = [homeless, at(2, draftCompleted), at(3, draftApproved, {}, 'approval'), mail(4, 'approval')];
  expect(foldDrafts([...events].reverse())).toEqual(foldDrafts(events));
  expect(foldDrafts([...events, ...events])).toEqual(foldDrafts(events));
});

it('passes over an approval that came before the address, as the agent does', () => {
  const events = [homeless, at(2, draftApproved)];
  expect(statuses(...events)).toEqual(['needs-address']);
  expect(statuses(...events, at(3, draftCompleted))).toEqual(['waiting']);
  expect(statuses(...events, at(3, draftCompleted), at(4, draftApproved))).toEqual(['approved']);
});

it('believes the mail more than a rejection that came too late', () => {
  const rejection = at(3, draftRejected, { by: 'kim' });
  expect(foldDrafts([created(1), rejection])).toMatchObject([{ status: 'rejected', by: 'kim' }]);
  const events = [created(1), at(2, draftApproved, {}, 'approval'), rejection, mail(4, 'approval')];
  expect(foldDrafts(events)).toMatchObject([{ status: 'sent', by: 'sam' }]);
});

it('leaves other mails and drafts nobody created alone', () => {
  expect(
    statuses(created(1), mail(2, 'something else'), at(3, draftApproved, { draft_id: 'other' })),
  ).toEqual(['waiting']);
});

it('lists the oldest first', () => {
  const drafts = foldDrafts([created(9, { draft_id: 'late' }), created(5, { draft_id: 'early' })]);
  expect(drafts.map(({ draft_id }) => draft_id)).toEqual(['early', 'late']);
});

it('is readable, and safe for a terminal', () => {
  const [draft] = foldDrafts([
    created(1, { subject: 'Sorry\u001b[2J', body_text: 'Dear Jane,\n\nwe are sorry.' }),
  ]);
  if (!draft) throw new Error('no draft');
  const text = draftText(draft);
  expect(text).toContain('Draft draft-cust_12345-1  ·  waiting  ·  score below bound');
  expect(text).toContain('to jane.doe@example.com  ·  story story-1');
  expect(text).toContain('  Dear Jane,\n\n  we are sorry.');
  expect(draftTable([draft])).toMatch(/^DRAFT .*\ndraft-cust_12345-1 {2}waiting {2}jane\.doe@example\.com/);
  expect(`${text}${draftTable([draft])}`).not.toContain('\u001b');
});
