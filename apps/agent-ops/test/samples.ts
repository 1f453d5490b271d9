import type { Output } from '@signalbox/agent-kit';
import {
  remediationCompleted,
  remediationFailed,
  serviceDown,
  serviceRecovered,
  type Severity,
} from '@signalbox/contracts';
import { event, given, type EventOptions, type TestEvent } from '@signalbox/test-kit';
import {
  onServiceDown,
  type Alert,
  type Recovery,
  type StepCompleted,
  type StepFailed,
} from '../src/ops.decide.js';
import { opsState, type Incident, type OpsState } from '../src/ops.state.js';

/** The time at which the samples begin. */
export const noon = '2026-04-05T12:00:00.000Z';
/** `minutes` after noon. */
export const after = (minutes: number): string => new Date(Date.parse(noon) + minutes * 60_000).toISOString();
export const incidentId = 'inc-PaymentGatewayService-production-1';

export const down = (at: string, data: Partial<Alert> = {}, options: EventOptions = {}): TestEvent<Alert> =>
  event(
    serviceDown,
    { ...serviceDown.example, timestamp: at, ...data },
    { at, eventId: `down ${at}`, ...options },
  );
export const up = (
  at: string,
  data: Partial<Recovery> = {},
  options: EventOptions = {},
): TestEvent<Recovery> =>
  event(
    serviceRecovered,
    { ...serviceRecovered.example, timestamp: at, ...data },
    { at, eventId: `up ${at}`, ...options },
  );
export const completed = (at: string, data: Partial<StepCompleted> = {}): TestEvent<StepCompleted> =>
  event(
    remediationCompleted,
    { ...remediationCompleted.example, runbook: 'payment-unresponsive', ...data },
    { at, eventId: `completed ${at}` },
  );
export const failed = (at: string, data: Partial<StepFailed> = {}): TestEvent<StepFailed> =>
  event(
    remediationFailed,
    { ...remediationFailed.example, runbook: 'payment-unresponsive', ...data },
    { at, eventId: `failed ${at}` },
  );

/** The state a decision leaves. */
export function stateAfter(outputs: readonly Output<OpsState>[]): OpsState {
  const written = outputs.find((output) => output.kind === 'set_state');
  if (written?.kind !== 'set_state') throw new TypeError('the decision writes no state');
  return written.state;
}

/** A service that has been down since noon. */
export function openState(
  severity: Severity = 'critical',
  change: Partial<Incident> = {},
): OpsState & { incident: Incident } {
  const outputs = given(undefined, opsState).when(down(noon, { severity })).with(onServiceDown).outputs;
  const state = stateAfter(outputs);
  if (!state.incident) throw new TypeError('no incident was opened');
  return { ...state, incident: { ...state.incident, ...change } };
}

/** `kind:what` of each output but notes, for a look at the whole. */
export const kindsOf = (outputs: readonly Output<unknown>[]): string[] =>
  outputs.flatMap((output) => {
    if (output.kind === 'note') return [];
    if (output.kind === 'emit') return [`${output.contract.type}${output.label ? ` ${output.label}` : ''}`];
    return output.kind === 'set_timer' || output.kind === 'cancel_timer'
      ? [`${output.kind} ${output.name}`]
      : [output.kind];
  });

/** The note of a decision; every decision has at most one. */
export const noteOf = (outputs: readonly Output<unknown>[]): string | undefined =>
  outputs.flatMap((output) => (output.kind === 'note' ? [output.text] : []))[0];
