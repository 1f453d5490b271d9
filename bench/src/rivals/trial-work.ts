import { createHash } from 'node:crypto';

/** What the rivals of the `agent` bench do for a sign-up: the same as the trial monitor does, written down plainly. */
export interface SignUpEvent {
  readonly event_id: string;
  readonly timestamp: string;
  readonly data: { readonly user_id: string; readonly email: string; readonly plan: string };
  readonly metadata: {
    readonly source_service: string;
    readonly correlation_id: string;
    readonly hops?: number;
  };
}

const dayMs = 86_400_000;

/** Inbox by source and event id, one state for each user, three timers, progress. */
export const trialTables = `
CREATE TABLE IF NOT EXISTS inbox (source text, event_id text, PRIMARY KEY (source, event_id));
CREATE TABLE IF NOT EXISTS trial (user_id text PRIMARY KEY, state text NOT NULL);
CREATE TABLE IF NOT EXISTS timer (user_id text, name text, due_at timestamptz NOT NULL, payload text, PRIMARY KEY (user_id, name));
CREATE INDEX IF NOT EXISTS timer_due ON timer (due_at);
CREATE TABLE IF NOT EXISTS progress (partition integer PRIMARY KEY, next_offset bigint NOT NULL)`;

export interface Trial {
  readonly userId: string;
  readonly source: string;
  readonly eventId: string;
  readonly state: string;
  readonly payload: string;
  readonly nudge3dAt: string;
  readonly nudge1dAt: string;
  readonly endsAt: string;
  /** The event that tells of it, as JSON. */
  readonly emitted: string;
}

/** The state, the timers and the event that follow from a sign-up; the event's id is derived, so twice is harmless. */
export function startTrial(event: SignUpEvent): Trial {
  const { user_id, email, plan } = event.data;
  const startedMs = Date.parse(event.timestamp);
  const endsMs = startedMs + 14 * dayMs;
  const started_at = new Date(startedMs).toISOString();
  const ends_at = new Date(endsMs).toISOString();
  return {
    userId: user_id,
    source: event.metadata.source_service,
    eventId: event.event_id,
    state: JSON.stringify({
      status: 'active',
      user_id,
      email,
      plan,
      started_at,
      ends_at,
      usage: {},
      last_used_at: null,
    }),
    payload: JSON.stringify({ ends_at }),
    nudge3dAt: new Date(endsMs - 3 * dayMs).toISOString(),
    nudge1dAt: new Date(endsMs - dayMs).toISOString(),
    endsAt: ends_at,
    emitted: JSON.stringify({
      event_id: createHash('sha1').update(`trial.started:${event.event_id}`).digest('hex'),
      event_type: 'trial.started',
      timestamp: new Date().toISOString(),
      data: { user_id, plan, started_at, ends_at },
      metadata: {
        source_service: 'trial-monitor',
        correlation_id: event.metadata.correlation_id,
        causation_id: event.event_id,
        hops: (event.metadata.hops ?? 0) + 1,
        schema_version: 1,
      },
    }),
  };
}
