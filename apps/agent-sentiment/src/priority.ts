import type { Severity, TicketPriority } from '@signalbox/contracts';

/** How bad a complaint is, by its score: a row holds for scores up to `scoreMax`, the first that fits. */
export const priorityTable: readonly {
  readonly scoreMax: number;
  readonly actionRequired: TicketPriority;
  readonly otherwise: TicketPriority;
}[] = Object.freeze([
  { scoreMax: -0.9, actionRequired: 'urgent', otherwise: 'high' },
  { scoreMax: -0.5, actionRequired: 'high', otherwise: 'normal' },
  { scoreMax: 1, actionRequired: 'normal', otherwise: 'low' },
]);

const ascending: readonly TicketPriority[] = ['low', 'normal', 'high', 'urgent'];

/** The priority the table gives one complaint. */
export function priorityOf(score: number, actionRequired: boolean): TicketPriority {
  const row = priorityTable.find(({ scoreMax }) => score <= scoreMax);
  if (!row) return 'low';
  return actionRequired ? row.actionRequired : row.otherwise;
}

export const higherOf = (one: TicketPriority, other: TicketPriority): TicketPriority =>
  ascending.indexOf(one) >= ascending.indexOf(other) ? one : other;

/** One step up; urgent stays urgent. */
export const oneHigher = (priority: TicketPriority): TicketPriority =>
  ascending[Math.min(ascending.indexOf(priority) + 1, ascending.length - 1)] ?? 'urgent';

/** How a ticket's priority reads as the severity of a message. */
export const severityOf: Readonly<Record<TicketPriority, Severity>> = Object.freeze({
  urgent: 'critical',
  high: 'high',
  normal: 'medium',
  low: 'low',
});
