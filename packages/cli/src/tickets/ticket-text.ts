import { printable, printableLines } from '../format/printable.js';
import { table } from '../format/table.js';
import { dateTime } from '../format/time.js';
import { wrap } from '../format/wrap.js';
import type { TicketFile, TicketView } from './ticket-client.js';

const textWidth = 90;

/** Tickets as a table. */
export const ticketTable = (tickets: readonly TicketView[]): string =>
  table(
    [
      { title: 'TICKET', align: 'right' },
      { title: 'PRIORITY' },
      { title: 'STATUS' },
      { title: 'OPENED (UTC)' },
      { title: 'CUSTOMER' },
      { title: 'SUBJECT' },
    ],
    tickets.map((ticket) => [
      String(ticket.number),
      printable(ticket.priority, 16),
      ticket.resolvedAt === null ? 'open' : 'resolved',
      minute(ticket.createdAt),
      printable(ticket.customerId, 40),
      printable(ticket.subject, 70),
    ]),
  );

/** A ticket as a person reads it. */
export function ticketText(ticket: TicketFile): string {
  const { number, priority, customerName, customerId, subject, link, correlationId } = ticket;
  return [
    `Ticket ${number}  ·  ${printable(priority, 16)}  ·  ${statusText(ticket)}`,
    `${printable(customerName)} (${printable(customerId)})  ·  opened ${minute(ticket.createdAt)} UTC  ·  story ${printable(correlationId)}`,
    ...(link === null ? [] : [printable(link, 2_048)]),
    '',
    printable(subject, 255),
    '',
    ...indented(ticket.bodyText),
    ...ticket.comments.flatMap((comment) => [
      '',
      `── comment of ${minute(comment.createdAt)} UTC`,
      '',
      ...indented(comment.bodyText),
    ]),
  ].join('\n');
}

function statusText({ resolvedAt, resolvedBy, resolvedNote }: TicketView): string {
  if (resolvedAt === null) return 'open';
  const note = resolvedNote === null ? '' : `: ${printable(resolvedNote)}`;
  return `resolved ${minute(resolvedAt)} UTC by ${printable(resolvedBy ?? '?')}${note}`;
}

const minute = (time: string): string => dateTime(Date.parse(time)).slice(0, 16);

const indented = (text: string): string[] =>
  printableLines(text.trimEnd())
    .flatMap((line) => wrap(line, textWidth))
    .map((line) => (line === '' ? '' : `  ${line}`));
