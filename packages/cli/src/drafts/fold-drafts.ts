import {
  draftApproved,
  draftCompleted,
  draftCreated,
  draftRejected,
  emailRequested,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';

/** `waiting`: for a person; `approved`: the mail is not requested yet; `sent`: it is. */
export type DraftStatus = 'needs-address' | 'waiting' | 'approved' | 'sent' | 'rejected';

/** One draft, as its events tell. */
export interface DraftView {
  readonly draft_id: string;
  readonly customer_id: string;
  readonly status: DraftStatus;
  readonly to?: string;
  readonly subject: string;
  readonly body_text: string;
  readonly reason: DataOf<typeof draftCreated>['reason'];
  /** RFC 3339. */
  readonly created_at: string;
  /** Who decided, once somebody has. */
  readonly by?: string;
  readonly note?: string;
  readonly correlation_id: string;
  /** Id of the event that created it. */
  readonly event_id: string;
}

/** An event with the time its record was written, in milliseconds since 1970. */
export interface TimedEvent {
  readonly event: EventEnvelope;
  readonly atMs: number;
}

interface Decision {
  readonly eventId: string;
  readonly by: string;
  readonly note?: string | undefined;
  readonly atMs: number;
}

interface Folding {
  readonly created: EventEnvelope<DataOf<typeof draftCreated>>;
  to?: string;
  /** When the address was there first. */
  addressedAtMs: number;
  readonly approvals: Decision[];
  rejection?: Decision;
}

/** What became of every draft, the oldest first. The events come in any order; repeats change nothing. */
export function foldDrafts(events: readonly TimedEvent[]): DraftView[] {
  const drafts = new Map<string, Folding>();
  const mailCauses = new Set<string>();
  for (const one of events) if (one.event.event_type === draftCreated.type) create(drafts, one);
  for (const { event, atMs } of [...events].sort((a, b) => a.atMs - b.atMs)) {
    if (event.event_type === emailRequested.type) mailCauses.add(event.metadata.causation_id ?? '');
    else apply(drafts, event, atMs);
  }
  return [...drafts.values()]
    .map((draft) => view(draft, mailCauses))
    .sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
}

function create(drafts: Map<string, Folding>, { event, atMs }: TimedEvent): void {
  const created = event as EventEnvelope<DataOf<typeof draftCreated>>;
  const { draft_id, to } = created.data;
  if (drafts.has(draft_id)) return;
  drafts.set(draft_id, {
    created,
    ...(to === undefined ? {} : { to }),
    addressedAtMs: to === undefined ? Number.POSITIVE_INFINITY : atMs,
    approvals: [],
  });
}

function apply(
  drafts: Map<string, Folding>,
  { event_type, event_id, data }: EventEnvelope,
  atMs: number,
): void {
  const { draft_id, to, by, note } = data as Record<'draft_id' | 'to' | 'by' | 'note', string>;
  const draft = drafts.get(draft_id);
  if (!draft) return;
  if (event_type === draftCompleted.type) {
    draft.to = to;
    draft.addressedAtMs = Math.min(draft.addressedAtMs, atMs);
  }
  const decision: Decision = { eventId: event_id, by, note, atMs };
  if (event_type === draftApproved.type) draft.approvals.push(decision);
  if (event_type === draftRejected.type) draft.rejection ??= decision;
}

function view(draft: Folding, mailCauses: ReadonlySet<string>): DraftView {
  const { created, to } = draft;
  const { draft_id, customer_id, subject, body_text, reason } = created.data;
  const { status, decision } = statusOf(draft, mailCauses);
  return {
    draft_id,
    customer_id,
    status,
    ...(to === undefined ? {} : { to }),
    subject,
    body_text,
    reason,
    created_at: created.timestamp,
    ...(decision ? { by: decision.by } : {}),
    ...(decision?.note === undefined ? {} : { note: decision.note }),
    correlation_id: created.metadata.correlation_id,
    event_id: created.event_id,
  };
}

function statusOf(
  { approvals, rejection, to, addressedAtMs }: Folding,
  mailCauses: ReadonlySet<string>,
): { readonly status: DraftStatus; readonly decision?: Decision } {
  const sent = approvals.find(({ eventId }) => mailCauses.has(eventId));
  if (sent) return { status: 'sent', decision: sent };
  if (rejection) return { status: 'rejected', decision: rejection };
  // The agent passes over an approval that came before the address.
  const approved = approvals.find(({ atMs }) => atMs >= addressedAtMs);
  if (approved) return { status: 'approved', decision: approved };
  return { status: to === undefined ? 'needs-address' : 'waiting' };
}
