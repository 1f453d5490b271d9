import type { Severity } from '@signalbox/contracts';

const minuteMs = 60_000;
const rank: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

export const isWorse = (one: Severity, other: Severity): boolean => rank[one] > rank[other];

/** Whether people are woken (PagerDuty) and a runbook is tried; below that Slack is enough. */
export const isPaged = (severity: Severity): boolean => rank[severity] >= rank.medium;

/** How long an incident may stay open before a manager hears of it, in milliseconds. */
export const escalationMs = (severity: Severity): number => (severity === 'critical' ? 15 : 60) * minuteMs;
/** How often an incident is escalated at most. */
export const escalationsMax = 2;
/** How long after a finished runbook step the service must be back, in milliseconds. */
export const verifyMs = 2 * minuteMs;
