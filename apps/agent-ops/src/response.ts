import { cancelTimer, setTimer, type Output } from '@signalbox/agent-kit';
import { logged, stepRequested } from './incident.js';
import { notification, notify } from './notifications.js';
import type { Incident, OpsState } from './ops.state.js';
import { runbookFor, runbookNamed, type Runbook } from './runbooks.js';
import { escalationMs, escalationsMax } from './severity.js';

export type Remediation = NonNullable<Incident['remediation']>;

export interface Step {
  readonly incident: Incident;
  readonly remediation: Remediation;
}

/** The incident after something was done about it, and what that puts out. */
export interface Response {
  readonly incident: Incident;
  readonly outputs: readonly Output<OpsState>[];
}

/** Time until the incident is escalated, in milliseconds. */
export const escalateIn = (incident: Incident): number => escalationMs(incident.severity);

/** Asks for the first step of the runbook that fits, if one does. `summary` is the sentence people are told. */
export function startRunbook(incident: Incident, now: Date): Response & { readonly summary: string } {
  const runbook = runbookFor(incident.service_name, incident.environment, incident.severity);
  const response = runbook && request(incident, runbook, 1, now);
  if (!runbook || !response) return { incident, outputs: [], summary: 'No automatic step is set for it.' };
  return { ...response, summary: `Tried automatically: ${stepName(runbook, 1)}.` };
}

/** Asks for the step after the one that did not help; after the last one people are told that it is up to them. */
export function nextStep(incident: Incident, { runbook: name, step }: Remediation, now: Date): Response {
  const runbook = runbookNamed(name);
  return (runbook && request(incident, runbook, step + 1, now)) ?? exhausted(incident, now);
}

/** Tells managers, at most twice per incident, and sets the timer for the second time, or takes it away. */
export function escalate(before: Incident, reason: string, now: Date): Response {
  if (before.escalations >= escalationsMax) return { incident: before, outputs: [] };
  const escalations = before.escalations + 1;
  const { escalate_at: _fired, ...rest } = logged(
    before,
    now,
    `Escalated to managers (${escalations} of ${escalationsMax}): ${reason}`,
  );
  const due = escalations < escalationsMax ? new Date(now.getTime() + escalateIn(before)) : undefined;
  const incident: Incident = { ...rest, escalations, ...(due ? { escalate_at: due.toISOString() } : {}) };
  const outputs = notify(incident, 'manager', {
    action: 'trigger',
    title: `${escalations === 1 ? 'Escalation' : 'Second escalation'}: ${incident.service_name} is down in ${incident.environment}`,
    body: `${reason}\nOn-call was told when it began, at ${incident.opened_at}. Please make sure that somebody is working on it.`,
  });
  return {
    incident,
    outputs: due
      ? [...outputs, setTimer('escalate', due, { incident_id: incident.id })]
      : [...outputs, cancelTimer('escalate')],
  };
}

function request(incident: Incident, runbook: Runbook, step: number, now: Date): Response | undefined {
  const output = stepRequested(incident, runbook, step);
  if (!output) return undefined;
  const remediation: Remediation = { runbook: runbook.name, step, status: 'requested' };
  return {
    incident: logged(
      { ...incident, remediation },
      now,
      `Asked for ${stepName(runbook, step)} of runbook ${runbook.name}.`,
    ),
    outputs: [output],
  };
}

function exhausted(before: Incident, now: Date): Response {
  const name = before.remediation?.runbook ?? '';
  const incident: Incident = logged(
    {
      ...before,
      ...(before.remediation ? { remediation: { ...before.remediation, status: 'exhausted' } } : {}),
    },
    now,
    `Runbook ${name} is exhausted: a person is needed.`,
  );
  const told = notification(incident, 'on-call', 'slack', {
    action: 'trigger',
    title: `${incident.service_name} in ${incident.environment}: nothing more to try automatically`,
    body: `Every step of runbook ${name} was tried and the service is still down. It needs a person now.`,
  });
  const escalated = escalate(incident, `Every step of runbook ${name} was tried without success.`, now);
  return { incident: escalated.incident, outputs: [told, ...escalated.outputs] };
}

const stepName = ({ steps }: Runbook, step: number): string =>
  `${steps[step - 1]?.action ?? 'step'} (step ${step} of ${steps.length})`;
