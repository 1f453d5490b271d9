import type { ReadyMapping } from './ready-mapping.js';

/** Zendesk's ticket events: a ticket that was solved is done with. */
export const zendeskTickets: ReadyMapping = {
  name: 'zendesk-tickets',
  providers: ['zendesk'],
  summary:
    'A ticket whose status becomes solved is `ticket.resolved`; its external id, where set, is the case.',
  rules: [
    {
      when: 'type = "zen:event-type:ticket.status_changed" and $uppercase(event.current) = "SOLVED"',
      event_type: 'ticket.resolved',
      timestamp: 'time',
      correlation_id: 'detail.external_id',
      data: `{
        "ticket_number": $number(detail.id),
        "case_id": $string(detail.external_id ?: "zendesk-" & detail.id),
        "customer_id": $string(detail.requester_id),
        "request_id": $string(detail.external_id ?: id),
        "by": $string(detail.assignee_id ?: detail.actor_id ?: "zendesk"),
        "resolved_at": time
      }`,
    },
  ],
};
