import type { AgentStatus } from '@signalbox/agent-kit';
import { BROKER_SILENT_MS_MAX, readiness } from './readiness.js';

const status = (change: Partial<AgentStatus> = {}): AgentStatus => ({
  assigned: [{ topic: 'orders', partition: 0 }],
  claiming: 0,
  hasJoined: true,
  destinations: [],
  jobsAtWork: 0,
  isPaused: false,
  areEffectsHeld: false,
  oldestUnhandledMs: 0,
  brokerSilentMs: 0,
  store: undefined,
  ...change,
});

describe('readiness', () => {
  it('is given while the agent can work', () => {
    expect(readiness(status(), true)).toMatchObject({
      status: 'ok',
      database: 'ok',
      broker: 'ok',
      partitions: 1,
    });
  });

  it('is not given in an outage of either store', () => {
    expect(readiness(status(), false)).toMatchObject({ status: 'unavailable', database: 'unavailable' });
    const silent = status({ brokerSilentMs: BROKER_SILENT_MS_MAX });
    expect(readiness(silent, true)).toMatchObject({ status: 'unavailable', broker: 'unavailable' });
  });

  it('is not given before the agent has its partitions', () => {
    expect(readiness(undefined, true).status).toBe('unavailable');
    expect(readiness(status({ hasJoined: false }), true).status).toBe('unavailable');
    expect(readiness(status({ claiming: 1 }), true).status).toBe('unavailable');
  });

  it('is given to an agent that is paused or far behind, and says so', () => {
    const store = {
      pending: {},
      overdueMs: 12_340,
      timerLagMs: 60,
      outboxAgeMs: 1_000,
      deadLettersOpen: 3,
      jobsByDestination: {},
    };
    expect(readiness(status({ isPaused: true, oldestUnhandledMs: 86_400_000, store }), true)).toMatchObject({
      status: 'ok',
      paused: true,
      oldest_unhandled_s: 86_400,
      pending_overdue_s: 12.3,
      timer_lag_s: 0.1,
      outbox_age_s: 1,
    });
  });
});
