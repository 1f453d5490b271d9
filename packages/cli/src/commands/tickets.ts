import { ticketResolutionRequested } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../format/arguments.js';
import { printable } from '../format/printable.js';
import { notifierUrl } from '../stack/notifier-url.js';
import { person } from '../stack/person.js';
import { publishOne } from '../stack/publish-one.js';
import { readTicket, readTickets, type TicketQuery } from '../tickets/ticket-client.js';
import { ticketTable, ticketText } from '../tickets/ticket-text.js';

const numberMax = 2_147_483_647;

interface UrlOption {
  readonly url?: string;
}

interface ResolveOptions extends UrlOption {
  readonly by: string;
  readonly note?: string;
}

/** `signalbox tickets list|show|resolve` */
export function registerTickets(program: Command, context: CommandContext): void {
  const tickets = program.command('tickets').description('the ticket desk: what people have to look after');
  const number = wholeNumber(1, numberMax);
  at(tickets.command('list').description('tickets, newest first'))
    .addOption(
      new Option('--status <status>', 'only these').choices(['open', 'resolved', 'all']).default('open'),
    )
    .option('-n, --limit <n>', 'the newest so many', wholeNumber(1, 10_000), 20)
    .action((options: TicketQuery & UrlOption) => list(context, options));
  at(
    tickets
      .command('show')
      .description('one ticket with its comments')
      .argument('<number>', 'its number', number),
  ).action((ticket: number, options: UrlOption) => show(context, ticket, options));
  at(
    tickets
      .command('resolve')
      .description('say that a ticket is done with; follow-ups are cancelled')
      .argument('<number>', 'its number', number),
  )
    .option('--by <name>', 'who resolved it', person())
    .option('--note <text>', 'how')
    .action((ticket: number, options: ResolveOptions) => resolve(context, ticket, options));
}

const at = (command: Command): Command =>
  command.option('--url <url>', 'address of the notifier; default: the local stack');

async function list({ output }: CommandContext, options: TicketQuery & UrlOption): Promise<void> {
  const tickets = await readTickets(options.url ?? notifierUrl(), options);
  output.result(tickets, () => (tickets.length === 0 ? 'There are no such tickets.' : ticketTable(tickets)));
}

async function show({ output }: CommandContext, number: number, { url }: UrlOption): Promise<void> {
  const ticket = await readTicket(url ?? notifierUrl(), number);
  output.result(ticket, () => ticketText(ticket));
}

/** Publishes the request; the notifier resolves the ticket exactly once and tells so by `ticket.resolved`. */
async function resolve(
  { output }: CommandContext,
  number: number,
  { url, by, note }: ResolveOptions,
): Promise<void> {
  const ticket = await readTicket(url ?? notifierUrl(), number);
  if (ticket.resolvedAt !== null) {
    const message = `Ticket ${number} was resolved by ${printable(ticket.resolvedBy ?? '?')} already.`;
    throw new SignalboxError('request_malformed', message, { action: 'There is nothing left to do.' });
  }
  const { customerId, correlationId } = ticket;
  const { eventId } = await publishOne(
    ticketResolutionRequested,
    { ticket_number: number, customer_id: customerId, by, ...(note === undefined ? {} : { note }) },
    { correlationId },
  );
  output.result({ number, event_id: eventId, correlation_id: correlationId }, () =>
    [
      `asked  to resolve ticket ${number}, by ${printable(by)}`,
      `see    npx signalbox story ${printable(correlationId)}`,
    ].join('\n'),
  );
}
