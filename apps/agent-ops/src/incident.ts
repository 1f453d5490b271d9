import { emit, type EmitOutput } from '@signalbox/agent-kit';
import {
  incidentOpened,
  incidentResolved,
  incidentUpdated,
  remediationRequested,
  rfc3339Ms,
  type DataOf,
  type serviceDown,
} from '@signalbox/contracts';
import { incidentId } from './keys.js';
import { alertIdsMax, logEntriesMax, logEntryCharsMax, type Incident } from './ops.state.js';
import type { Runbook } from './runbooks.js';
import { isWorse } from './severity.js';
import { clip } from './wording.js';

type Alert = DataOf<typeof serviceDown>;

/** Entries at the beginning of a log that are never dropped: how it began matters most afterwards. */
const logHeadEntries = 50;

/** The incident an alert opens; its log is still empty. */
export function newIncident(alert: Alert, at: string, sequence: number): Incident {
  const { service_name, environment, severity, alert_id, incident_link } = alert;
  return {
    id: incidentId(service_name, environment, sequence),
    service_name,
    environment,
    severity,
    opened_at: at,
    last_alert_at: at,
    alert_ids: [alert_id],
    alerts: 1,
    link: incident_link,
    log: [],
    log_omitted: 0,
    escalations: 0,
  };
}

/** The incident after another alert; severity and the time of the last alert never fall. */
export function withAlert(incident: Incident, alert: Alert, at: string): Incident {
  const known = incident.alert_ids.includes(alert.alert_id) || incident.alert_ids.length >= alertIdsMax;
  return {
    ...incident,
    alerts: incident.alerts + 1,
    alert_ids: known ? incident.alert_ids : [...incident.alert_ids, alert.alert_id],
    severity: isWorse(alert.severity, incident.severity) ? alert.severity : incident.severity,
    last_alert_at: at > incident.last_alert_at ? at : incident.last_alert_at,
  };
}

/** Adds entries to the log; from a full one the oldest entries after the first 50 are dropped and counted. */
export function logged(incident: Incident, now: Date, ...entries: readonly string[]): Incident {
  const at = now.toISOString();
  const log = [...incident.log, ...entries.map((entry) => ({ at, entry: clip(entry, logEntryCharsMax) }))];
  const surplus = Math.max(0, log.length - logEntriesMax);
  log.splice(logHeadEntries, surplus);
  return { ...incident, log, log_omitted: incident.log_omitted + surplus };
}

const subjectOf = ({ id, service_name, environment, severity }: Incident) => ({
  incident_id: id,
  service_name,
  environment,
  severity,
});

export function opened(incident: Incident, alert: Alert): EmitOutput {
  return emit(incidentOpened, {
    ...subjectOf(incident),
    alert_id: alert.alert_id,
    message: clip(alert.message, 10_000),
    incident_link: incident.link,
    opened_at: incident.opened_at,
  });
}

export function updated(incident: Incident, now: Date, what: string): EmitOutput {
  return emit(incidentUpdated, {
    ...subjectOf(incident),
    note: clip(what, 2_000),
    updated_at: now.toISOString(),
  });
}

/** Whole seconds between the alert that opened the incident and `resolvedAt`, at least 0. */
export const secondsOpen = (incident: Incident, resolvedAt: string): number =>
  Math.max(0, Math.floor((rfc3339Ms(resolvedAt) - rfc3339Ms(incident.opened_at)) / 1_000));

export function resolved(incident: Incident, resolvedAt: string): EmitOutput {
  return emit(incidentResolved, {
    ...subjectOf(incident),
    opened_at: incident.opened_at,
    resolved_at: resolvedAt,
    duration_seconds: secondsOpen(incident, resolvedAt),
    alert_ids: incident.alert_ids,
    log: wholeLog(incident),
  });
}

/** The log as it is published: where entries were dropped, a line says how many. */
function wholeLog({ log, log_omitted }: Incident): Incident['log'] {
  const after = log[logHeadEntries];
  if (log_omitted === 0 || !after) return log;
  const gap = { at: after.at, entry: `(${log_omitted} entries left out)` };
  return [...log.slice(0, logHeadEntries), gap, ...log.slice(logHeadEntries)];
}

/** Asks for step `step` (from 1) of the runbook. */
export function stepRequested(incident: Incident, runbook: Runbook, step: number): EmitOutput | undefined {
  const wanted = runbook.steps[step - 1];
  if (!wanted) return undefined;
  const { id, service_name, environment } = incident;
  return emit(
    remediationRequested,
    {
      incident_id: id,
      service_name,
      environment,
      runbook: runbook.name,
      step,
      action: wanted.action,
      ...(wanted.parameters ? { parameters: { ...wanted.parameters } } : {}),
    },
    { label: `step-${step}` },
  );
}
