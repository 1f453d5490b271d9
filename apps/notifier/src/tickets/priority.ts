import type { TicketPriority } from '@signalbox/contracts';

const ascending: readonly TicketPriority[] = ['low', 'normal', 'high', 'urgent'];

/** The priorities below this one. */
export const lowerThan = (priority: TicketPriority): TicketPriority[] =>
  ascending.slice(0, ascending.indexOf(priority));

/** The highest of these; undefined when there is none. */
export const highestOf = (priorities: readonly (string | null)[]): TicketPriority | undefined =>
  ascending.findLast((priority) => priorities.includes(priority));
