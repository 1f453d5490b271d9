/** What the monitor knows between two checks. Times are milliseconds since 1970. */
export type MonitorState =
  | { readonly kind: 'up'; readonly failures: number }
  | { readonly kind: 'down'; readonly alertId: string; readonly sinceMs: number };

export type MonitorAlert =
  | { readonly type: 'service_down'; readonly alertId: string; readonly reason: string }
  | { readonly type: 'service_recovered'; readonly alertId: string; readonly downMs: number };

export interface Check {
  readonly ok: boolean;
  /** Why it failed. */
  readonly reason?: string;
  readonly atMs: number;
}

/** Failed checks in a row before it is an outage. */
export const failuresToAlert = 3;

export const firstState: MonitorState = Object.freeze({ kind: 'up', failures: 0 });

/** What one check changes: an outage begins with the third failure in a row and ends with the first success. */
export function afterCheck(state: MonitorState, check: Check): { state: MonitorState; alert?: MonitorAlert } {
  if (state.kind === 'down') {
    if (!check.ok) return { state };
    const { alertId, sinceMs } = state;
    return { state: firstState, alert: { type: 'service_recovered', alertId, downMs: check.atMs - sinceMs } };
  }
  if (check.ok) return { state: firstState };
  const failures = state.failures + 1;
  if (failures < failuresToAlert) return { state: { kind: 'up', failures } };
  const alertId = `ALERT-PAYMENT-${check.atMs}`;
  return {
    state: { kind: 'down', alertId, sinceMs: check.atMs },
    alert: { type: 'service_down', alertId, reason: check.reason ?? 'no answer' },
  };
}
