import { defineState } from '@signalbox/agent-kit';
import { entityId, httpUrl, severity, text, timestamp } from '@signalbox/contracts';
import { z } from 'zod';

/** Alert ids an incident remembers; further ones are counted only. */
export const alertIdsMax = 100;
/** Entries of an incident's log; when it is full, entries from the middle make room for new ones. */
export const logEntriesMax = 200;
export const logEntryCharsMax = 500;

const remediation = z.strictObject({
  runbook: text(255),
  /** The step asked for last; 1 for the first. */
  step: z.number().int().min(1),
  /** `exhausted`: the last step did not help, the rest is for people. */
  status: z.enum(['requested', 'completed', 'exhausted']),
});

const incident = z.strictObject({
  id: entityId,
  service_name: entityId,
  environment: text(255),
  /** The highest severity of its alerts. */
  severity,
  /** When the monitor saw the service down: the time of the alert that opened the incident. */
  opened_at: timestamp,
  /** The latest time at which a monitor said the service is down. */
  last_alert_at: timestamp,
  alert_ids: z.array(entityId).max(alertIdsMax),
  alerts: z.number().int().min(1),
  link: httpUrl,
  log: z.array(z.strictObject({ at: timestamp, entry: text(logEntryCharsMax) })).max(logEntriesMax),
  log_omitted: z.number().int().min(0),
  remediation: remediation.optional(),
  /** How often it was escalated to managers. */
  escalations: z.number().int().min(0),
  /** When the escalation timer fires; none is set after the last escalation. */
  escalate_at: timestamp.optional(),
});

const schema = z.strictObject({
  /** Number of incidents ever opened for this service and environment; the last part of the next incident's id. */
  incidents_opened: z.number().int().min(0),
  /** The latest time at which a monitor said the service answers again. */
  recovered_at: timestamp.optional(),
  incident: incident.optional(),
});

export type Incident = z.infer<typeof incident>;
export type OpsState = z.infer<typeof schema>;

/** What ops knows of one service in one environment. */
export const opsState = defineState<OpsState>({ kind: 'service', schema });
