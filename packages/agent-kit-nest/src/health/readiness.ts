import type { AgentStatus } from '@signalbox/agent-kit';

/** A broker that answers no fetch for so long is an outage, in milliseconds. */
export const BROKER_SILENT_MS_MAX = 30_000;

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly database: 'ok' | 'unavailable';
  readonly broker: 'ok' | 'unavailable';
  readonly joined: boolean;
  readonly partitions: number;
  readonly claiming: number;
  readonly paused: boolean;
  /** Seconds; how far behind the agent is. */
  readonly oldest_unhandled_s: number;
  readonly pending_overdue_s: number;
  readonly timer_lag_s: number;
  readonly outbox_age_s: number;
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

/**
 * Whether the agent can do its work now. A backlog, a pause or work that waits for its time does not make it unready: an
 * outage of the database or the broker does, and partitions it has not got.
 */
export function readiness(status: AgentStatus | undefined, isDatabaseWell: boolean): Readiness {
  const isBrokerWell = status !== undefined && status.brokerSilentMs < BROKER_SILENT_MS_MAX;
  const isWorking = status?.hasJoined === true && status.claiming === 0;
  return {
    status: isDatabaseWell && isBrokerWell && isWorking ? 'ok' : 'unavailable',
    database: isDatabaseWell ? 'ok' : 'unavailable',
    broker: isBrokerWell ? 'ok' : 'unavailable',
    joined: status?.hasJoined ?? false,
    partitions: status?.assigned.length ?? 0,
    claiming: status?.claiming ?? 0,
    paused: status?.isPaused ?? false,
    oldest_unhandled_s: seconds(status?.oldestUnhandledMs ?? 0),
    pending_overdue_s: seconds(status?.store?.overdueMs ?? 0),
    timer_lag_s: seconds(status?.store?.timerLagMs ?? 0),
    outbox_age_s: seconds(status?.store?.outboxAgeMs ?? 0),
  };
}
