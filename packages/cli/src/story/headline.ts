import { catalogue } from '@signalbox/contracts';

type Data = Readonly<Record<string, unknown>>;

/** Words for the event types people look for; the rest shows its key. */
const headlines: Readonly<Record<string, (data: Data) => string>> = {
  service_down: (d) => `${word(d, 'service_name')} in ${word(d, 'environment')}, ${word(d, 'severity')}`,
  service_recovered: (d) => `${word(d, 'service_name')} in ${word(d, 'environment')}`,
  shipping_delay: (d) => `${word(d, 'shipment_id')}, now ${word(d, 'new_eta')}: ${word(d, 'reason')}`,
  negative_sentiment_detected: (d) => `${word(d, 'customer_name')}: ${word(d, 'message')}`,
  'user.signed_up': (d) => `${word(d, 'user_id')}, plan ${word(d, 'plan')}`,
  'usage.recorded': (d) => `${word(d, 'user_id')}: ${word(d, 'quantity')} × ${word(d, 'feature')}`,
  'subscription.started': (d) => `${word(d, 'user_id')}, plan ${word(d, 'plan')}`,
  'lead.qualified': (d) => `${word(d, 'name')} of ${word(d, 'company')}, score ${word(d, 'score')}`,
  'trial.started': (d) => `${word(d, 'user_id')}, until ${word(d, 'ends_at')}`,
  'email.requested': (d) => `to ${word(d, 'to')}: ${word(d, 'subject')}`,
  'email.sent': (d) => `to ${word(d, 'to')} by ${word(d, 'transport')}`,
  'email.failed': (d) => `to ${word(d, 'to')}: ${word(d, 'reason')}`,
  'notification.requested': (d) => `${word(d, 'channel')} to ${word(d, 'audience')}: ${word(d, 'title')}`,
  'notification.sent': (d) => `${word(d, 'channel')} to ${word(d, 'audience')} by ${word(d, 'transport')}`,
  'notification.failed': (d) => `${word(d, 'channel')} to ${word(d, 'audience')}: ${word(d, 'reason')}`,
  'incident.opened': (d) => word(d, 'incident_id'),
  'incident.updated': (d) => `${word(d, 'incident_id')}: ${word(d, 'note')}`,
  'incident.resolved': (d) => `${word(d, 'incident_id')} after ${word(d, 'duration_seconds')} s`,
  'remediation.requested': (d) => `${word(d, 'action')} ${word(d, 'service_name')}, step ${word(d, 'step')}`,
  'remediation.completed': (d) => `${word(d, 'action')} ${word(d, 'service_name')}: ${word(d, 'outcome')}`,
  'remediation.failed': (d) => `${word(d, 'action')} ${word(d, 'service_name')}: ${word(d, 'reason')}`,
  'routes.ranked': (d) => `${word(d, 'shipment_id')}: ${routes(d)}`,
  'shortage.predicted': (d) =>
    `${word(d, 'product_id')} in ${word(d, 'warehouse')}: ${word(d, 'units_short')} short from ${word(d, 'short_from')}`,
  'customer.updated': (d) => `${word(d, 'customer_id')}: ${word(d, 'name')}`,
  'draft.created': (d) => `${word(d, 'draft_id')}: ${word(d, 'subject')} (${word(d, 'reason')})`,
  'draft.completed': (d) => `${word(d, 'draft_id')}, now to ${word(d, 'to')}`,
  'draft.approved': (d) => `${word(d, 'draft_id')} by ${word(d, 'by')}`,
  'draft.rejected': (d) => `${word(d, 'draft_id')} by ${word(d, 'by')}`,
  'ticket.requested': (d) => `${word(d, 'priority')}: ${word(d, 'subject')}`,
  'ticket_comment.requested': (d) => `${word(d, 'case_id')}: ${word(d, 'body_text')}`,
  'ticket_resolution.requested': (d) => `ticket ${word(d, 'ticket_number')} by ${word(d, 'by')}`,
  'ticket.opened': (d) => `ticket ${word(d, 'ticket_number')}, ${word(d, 'priority')}: ${word(d, 'subject')}`,
  'ticket.commented': (d) => `ticket ${word(d, 'ticket_number')}, ${word(d, 'priority')}`,
  'ticket.resolved': (d) => `ticket ${word(d, 'ticket_number')} by ${word(d, 'by')}`,
  'ticket.failed': (d) => `${word(d, 'act')}: ${word(d, 'reason')}`,
  'webhook.received': (d) => `${word(d, 'source')} ${word(d, 'verdict')} with ${word(d, 'status')}`,
  'agent.activity': (d) => `${word(d, 'agent')}: ${entries(d)}`,
  'shipment.reprioritized': (d) =>
    `${word(d, 'shipment_id')} from ${word(d, 'from_priority')} to ${word(d, 'to_priority')}: ${word(d, 'reason')}`,
};

/** What an event says, in a few words, as it came from outside: pass it through `printable`. */
export function headline(eventType: string, data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const key = catalogue.get(eventType)?.keyField;
  const own = headlines[eventType];
  if (own) return own(data as Data);
  return key === undefined ? '' : word(data as Data, key);
}

function word(data: Data, field: string): string {
  const value = data[field];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '?';
}

function routes(data: Data): string {
  const list = Array.isArray(data['routes']) ? (data['routes'] as Data[]) : [];
  const ports = list[0]?.['ports'];
  return `${list.length} ${list.length === 1 ? 'route' : 'routes'}${Array.isArray(ports) ? `, best ${ports.join('–')}` : ''}`;
}

const entriesShown = 3;

function entries(data: Data): string {
  const list = Array.isArray(data['entries']) ? (data['entries'] as Data[]) : [];
  const shown = list
    .slice(0, entriesShown)
    .map((entry) => `${word(entry, 'event_type')} ${word(entry, 'outcome')}`);
  return [...shown, ...(list.length > entriesShown ? [`${list.length - entriesShown} more`] : [])].join(', ');
}
