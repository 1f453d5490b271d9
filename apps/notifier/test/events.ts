import { emailRequested, notificationRequested, type DataOf, type EventEnvelope } from '@signalbox/contracts';

type Email = DataOf<typeof emailRequested>;
type Notification = DataOf<typeof notificationRequested>;

const envelope = <D>(type: string, data: D, id: string): EventEnvelope<D> => ({
  event_id: id,
  event_type: type,
  timestamp: '2026-04-05T12:01:00Z',
  data,
  metadata: { source_service: 'ops', correlation_id: 'story-1' },
});

/** The contract's example with changes. */
export const emailEvent = (
  changes: Partial<Email> = {},
  id = 'c0ffee00-0000-5000-8000-000000000001',
): EventEnvelope<Email> => envelope(emailRequested.type, { ...emailRequested.example, ...changes }, id);

export const notificationEvent = (
  changes: Partial<Notification> = {},
  id = 'c0ffee00-0000-5000-8000-000000000002',
): EventEnvelope<Notification> =>
  envelope(notificationRequested.type, { ...notificationRequested.example, ...changes }, id);
