import { emit, type EmitOutput, type GiveUp } from '@signalbox/agent-kit';
import {
  remediationCompleted,
  remediationFailed,
  type DataOf,
  type EventEnvelope,
  type remediationRequested,
} from '@signalbox/contracts';

type Event = EventEnvelope<DataOf<typeof remediationRequested>>;

/** `remediation.completed` for a step that ran to its end; `durationMs` is rounded up. */
export const completedOf = (event: Event, outcome: string, durationMs: number): EmitOutput =>
  emit(remediationCompleted, {
    ...headOf(event),
    outcome: outcome.slice(0, 2_000) || 'The step ran to its end.',
    duration_ms: Math.max(0, Math.ceil(durationMs)),
  });

/** `remediation.failed` for a step that was refused or given up. */
export const givenUp = (event: Event, { errorCode, reason, attempts }: GiveUp): EmitOutput[] => [
  emit(remediationFailed, {
    ...headOf(event),
    error_code: errorCode,
    reason: reason.slice(0, 1_000) || errorCode,
    attempts,
  }),
];

function headOf({ event_id: requestId, data }: Event) {
  const { incident_id: incidentId, service_name: service, environment, runbook, step, action } = data;
  return {
    request_id: requestId,
    incident_id: incidentId,
    service_name: service,
    environment,
    runbook,
    step,
    action,
  };
}
