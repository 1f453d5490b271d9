import { printable, printableLines } from '../format/printable.js';
import { table } from '../format/table.js';
import { dateTime } from '../format/time.js';
import { wrap } from '../format/wrap.js';
import type { DraftStatus, DraftView } from './fold-drafts.js';

const textWidth = 90;

const statusWords: Readonly<Record<DraftStatus, string>> = {
  'needs-address': 'needs address',
  waiting: 'waiting',
  approved: 'approved',
  sent: 'sent',
  rejected: 'rejected',
};

/** Drafts as a table. */
export const draftTable = (drafts: readonly DraftView[]): string =>
  table(
    ['DRAFT', 'STATUS', 'TO', 'WHY', 'WRITTEN (UTC)', 'SUBJECT'].map((title) => ({ title })),
    drafts.map(({ draft_id, status, to, reason, created_at, subject }) => [
      printable(draft_id),
      statusWords[status],
      to === undefined ? '-' : printable(to, 60),
      reason.replaceAll('_', ' '),
      dateTime(Date.parse(created_at)).slice(0, 16),
      printable(subject, 60),
    ]),
  );

/** A draft as a person reads it. */
export function draftText(draft: DraftView): string {
  const { draft_id, customer_id, status, to, subject, body_text, reason, by, note, correlation_id } = draft;
  return [
    `Draft ${printable(draft_id)}  ·  ${statusWords[status]}  ·  ${reason.replaceAll('_', ' ')}`,
    `Customer ${printable(customer_id)}  ·  to ${to === undefined ? 'an address that is not known' : printable(to, 320)}  ·  story ${printable(correlation_id)}`,
    ...(by === undefined
      ? []
      : [`Decided by ${printable(by)}${note === undefined ? '' : `: ${printable(note)}`}`]),
    '',
    printable(subject, 255),
    '',
    ...printableLines(body_text)
      .flatMap((line) => wrap(line, textWidth))
      .map((line) => (line === '' ? '' : `  ${line}`)),
  ].join('\n');
}
