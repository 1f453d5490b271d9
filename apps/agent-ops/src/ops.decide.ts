import {
  cancelTimer,
  note,
  setState,
  setTimer,
  type DecideInput,
  type NoteOutput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import {
  rfc3339Ms,
  type DataOf,
  type EventEnvelope,
  type remediationCompleted,
  type remediationFailed,
  type serviceDown,
  type serviceRecovered,
} from '@signalbox/contracts';
import { logged, newIncident, opened, resolved, secondsOpen, updated, withAlert } from './incident.js';
import { notify } from './notifications.js';
import type { Incident, OpsState } from './ops.state.js';
import { escalate, escalateIn, nextStep, startRunbook, type Step } from './response.js';
import { isPaged, isWorse, verifyMs } from './severity.js';
import { clip, counted, duration } from './wording.js';

export type Alert = DataOf<typeof serviceDown>;
export type Recovery = DataOf<typeof serviceRecovered>;
export type StepCompleted = DataOf<typeof remediationCompleted>;
export type StepFailed = DataOf<typeof remediationFailed>;
type Outputs = Output<OpsState>[];

/** What a timer was set for: it does nothing once the incident has moved on. */
export interface TimerPayload {
  readonly incident_id: string;
  /** The runbook step a `verify` timer looks after. */
  readonly step?: number;
}

/** A service is down: opens an incident, or joins the open one of the same service and environment. */
export function onServiceDown({ event, state, now }: DecideInput<OpsState, Alert>): Outputs {
  const at = toldAt(event, now);
  if (state?.incident) return join(state, state.incident, event.data, at, now);
  if (state?.recovered_at !== undefined && at < state.recovered_at) {
    return [
      note(
        `Alert ${event.data.alert_id} is of ${at}, the service answered again at ${state.recovered_at}: no incident.`,
      ),
    ];
  }
  return open(state, event.data, at, now);
}

/** A service answers again: resolves the open incident, unless a monitor saw it down after that. */
export function onServiceRecovered({ event, state, now }: DecideInput<OpsState, Recovery>): Outputs {
  const at = toldAt(event, now);
  const recovered_at = state?.recovered_at !== undefined && state.recovered_at > at ? state.recovered_at : at;
  const incident = state?.incident;
  if (!incident) {
    const why = note(
      `${event.data.service_name} answers again in ${event.data.environment}; no incident was open.`,
    );
    if (state?.recovered_at === recovered_at) return [why];
    return [setState({ incidents_opened: state?.incidents_opened ?? 0, recovered_at }), why];
  }
  if (at < incident.last_alert_at) {
    const late = `Recovery of ${at} came late: the service was seen down at ${incident.last_alert_at}. The incident stays open.`;
    return [setState({ ...state, recovered_at, incident: logged(incident, now, late) }), note(late)];
  }
  return resolve({ incidents_opened: state.incidents_opened, recovered_at }, incident, event.data, at, now);
}

/** A runbook step ran: the service gets two minutes to come back. */
export function onStepCompleted({ event, state, now }: DecideInput<OpsState, StepCompleted>): Outputs {
  const { data } = event;
  const step = awaitedStep(state, data);
  if (!step)
    return [note(`Step ${data.step} of ${data.incident_id} is not awaited (any more): nothing to do.`)];
  const what = `Runbook ${data.runbook}, step ${data.step} (${data.action}) done: ${data.outcome}`;
  const incident = logged(
    { ...step.incident, remediation: { ...step.remediation, status: 'completed' } },
    now,
    what,
  );
  return [
    setState({ ...step.state, incident }),
    updated(incident, now, what),
    setTimer('verify', new Date(now.getTime() + verifyMs), { incident_id: incident.id, step: data.step }),
    said(`${what} Looking again in ${duration(verifyMs / 1_000)}.`),
  ];
}

/** A runbook step failed or was refused: the next one is tried. */
export function onStepFailed({ event, state, now }: DecideInput<OpsState, StepFailed>): Outputs {
  const { data } = event;
  const step = awaitedStep(state, data);
  if (!step)
    return [note(`Step ${data.step} of ${data.incident_id} is not awaited (any more): nothing to do.`)];
  const what = `Runbook ${data.runbook}, step ${data.step} (${data.action}) failed: ${data.reason} (${data.error_code})`;
  const next = nextStep(logged(step.incident, now, what), step.remediation, now);
  return [
    setState({ ...step.state, incident: next.incident }),
    updated(next.incident, now, what),
    ...next.outputs,
    said(`${what}. ${after(next.incident)}`),
  ];
}

/** Two minutes after a step: still open means that it did not help. */
export function onVerify({ timer, state, now }: TimerInput<OpsState, TimerPayload>): Outputs {
  const incident = state?.incident;
  const remediation = incident?.remediation;
  const { incident_id, step } = timer.payload;
  if (
    !state ||
    incident?.id !== incident_id ||
    remediation?.step !== step ||
    remediation?.status !== 'completed'
  ) {
    return [note('The incident has moved on: nothing to verify.')];
  }
  const what = `Still down ${duration(verifyMs / 1_000)} after step ${remediation.step}.`;
  const next = nextStep(logged(incident, now, what), remediation, now);
  return [
    setState({ ...state, incident: next.incident }),
    updated(next.incident, now, what),
    ...next.outputs,
    said(`${what} ${after(next.incident)}`),
  ];
}

/** The incident has been open for too long: a manager hears of it, and once more after the same time. */
export function onEscalate({ timer, state, now }: TimerInput<OpsState, TimerPayload>): Outputs {
  const incident = state?.incident;
  if (!state || incident?.id !== timer.payload.incident_id)
    return [note('The incident is resolved: nothing to escalate.')];
  const reason = `It has not been resolved within ${duration(escalateIn(incident) / 1_000)}.`;
  const next = escalate(incident, reason, now);
  return [
    setState({ ...state, incident: next.incident }),
    updated(next.incident, now, reason),
    ...next.outputs,
    said(`${incident.id} goes to a manager. ${reason}`),
  ];
}

function open(state: OpsState | undefined, alert: Alert, at: string, now: Date): Outputs {
  const incidents_opened = (state?.incidents_opened ?? 0) + 1;
  const { alert_id, severity, message } = alert;
  const began = logged(
    newIncident(alert, at, incidents_opened),
    now,
    `Opened by alert ${alert_id} (${severity}), seen at ${at}: ${message}`,
  );
  const told = logged(
    began,
    now,
    `Asked to tell on-call over ${isPaged(severity) ? 'Slack and PagerDuty' : 'Slack'}.`,
  );
  const started = startRunbook(told, now);
  const escalate_at = new Date(now.getTime() + escalateIn(told));
  const incident = { ...started.incident, escalate_at: escalate_at.toISOString() };
  return [
    setState({ ...state, incidents_opened, incident }),
    opened(incident, alert),
    ...notify(incident, 'on-call', {
      action: 'trigger',
      title: `${incident.service_name} is down in ${incident.environment}`,
      body: [
        clip(message, 2_000),
        `Severity ${severity}, alert ${clip(alert_id, 255)}.`,
        started.summary,
      ].join('\n'),
    }),
    ...started.outputs,
    setTimer('escalate', escalate_at, { incident_id: incident.id }),
    said(
      `Opened ${incident.id}, ${severity}. A manager hears of it at ${incident.escalate_at}. ${started.summary}`,
    ),
  ];
}

function join(state: OpsState, before: Incident, alert: Alert, at: string, now: Date): Outputs {
  const what = `Alert ${alert.alert_id} (${alert.severity}), seen at ${at}, joined: ${alert.message}`;
  const joined = logged(withAlert(before, alert, at), now, what);
  if (!isWorse(joined.severity, before.severity)) {
    const why = said(`Alert ${alert.alert_id} joins ${joined.id}: people know already.`);
    return [setState({ ...state, incident: joined }), updated(joined, now, what), why];
  }
  const risen = `Severity rose from ${before.severity} to ${joined.severity}.`;
  const started = joined.remediation
    ? { incident: logged(joined, now, risen), outputs: [], summary: '' }
    : startRunbook(logged(joined, now, risen), now);
  const sooner = soonerEscalation(started.incident, now);
  return [
    setState({ ...state, incident: sooner.incident }),
    updated(sooner.incident, now, `${what}\n${risen}`),
    ...notify(sooner.incident, 'on-call', {
      action: 'trigger',
      title: `${joined.service_name} in ${joined.environment}: now ${joined.severity}`,
      body: [risen, clip(alert.message, 2_000), started.summary].filter((line) => line !== '').join('\n'),
    }),
    ...started.outputs,
    ...sooner.outputs,
    said(`Alert ${alert.alert_id} joins ${joined.id}. ${risen} On-call is told again.`),
  ];
}

/** A worse incident is escalated after the shorter time, counted from now, if that is sooner than what is set. */
function soonerEscalation(incident: Incident, now: Date): { incident: Incident; outputs: Outputs } {
  const due = new Date(now.getTime() + escalateIn(incident));
  if (incident.escalate_at === undefined || due.toISOString() >= incident.escalate_at)
    return { incident, outputs: [] };
  return {
    incident: { ...incident, escalate_at: due.toISOString() },
    outputs: [setTimer('escalate', due, { incident_id: incident.id })],
  };
}

function resolve(rest: OpsState, before: Incident, recovery: Recovery, at: string, now: Date): Outputs {
  const incident = logged(
    before,
    now,
    `Resolved by ${recovery.alert_id}, seen at ${at}: ${recovery.message}`,
  );
  const message = {
    action: 'resolve' as const,
    title: `${incident.service_name} is back in ${incident.environment}`,
    body: `Resolved after ${duration(secondsOpen(incident, at))}, ${counted(incident.alerts, 'alert')}.\n${clip(recovery.message, 2_000)}`,
  };
  return [
    setState(rest),
    resolved(incident, at),
    ...notify(incident, 'on-call', message),
    ...(incident.escalations > 0 ? notify(incident, 'manager', message) : []),
    cancelTimer('escalate'),
    cancelTimer('verify'),
    said(`${incident.id} is resolved after ${duration(secondsOpen(incident, at))}.`),
  ];
}

/** The step whose result is awaited, if the result is of that step of the open incident. */
function awaitedStep(
  state: OpsState | undefined,
  data: StepCompleted | StepFailed,
): (Step & { state: OpsState }) | undefined {
  const incident = state?.incident;
  const remediation = incident?.remediation;
  if (!state || !incident || incident.id !== data.incident_id) return undefined;
  if (remediation?.status !== 'requested' || remediation.step !== data.step) return undefined;
  return { state, incident, remediation };
}

/** When the monitor saw it: the alert's own time, else the event's; a time in the future counts as now. */
function toldAt(event: EventEnvelope<{ timestamp?: string | undefined }>, now: Date): string {
  const told = rfc3339Ms(event.data.timestamp ?? event.timestamp);
  return new Date(Math.max(0, Math.min(told, now.getTime()))).toISOString();
}

/** A note within the bound of notes: ids, messages and reasons come from outside. */
const said = (text: string): NoteOutput => note(clip(text, 1_000));

/** What is tried next. */
const after = ({ remediation }: Incident): string =>
  remediation?.status === 'requested' ? `Trying step ${remediation.step}.` : 'It is up to people now.';
