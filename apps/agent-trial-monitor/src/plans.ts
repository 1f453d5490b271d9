const dayMs = 86_400_000;

/** Length of a trial whose plan is not in the table, in days. */
const defaultTrialDays = 14;

/** Length of a trial by plan, in days. Names are compared in lower case with `_` between words. */
const trialDays: Readonly<Record<string, number>> = {
  premium_trial: 14,
  pro_trial: 14,
  team_trial: 21,
  business_trial: 21,
  enterprise_trial: 30,
};

/** Whether a plan is a trial: its name contains the word, at the end of a longer word, too; "industrial" is none. */
export const isTrial = (plan: string): boolean => /(?<!indus)trial/i.test(plan);

/** How long the trial of a plan lasts, in milliseconds. */
export function trialMs(plan: string): number {
  const days = Object.hasOwn(trialDays, plan) ? trialDays[plan] : daysOf(plan);
  return (days ?? defaultTrialDays) * dayMs;
}

function daysOf(plan: string): number | undefined {
  const name = plan
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_');
  return Object.hasOwn(trialDays, name) ? trialDays[name] : undefined;
}

/** The reminders of a trial: the timer's name and how long before the end it fires, in milliseconds. */
export const nudges = Object.freeze([
  { name: 'nudge-3d', beforeMs: 3 * dayMs },
  { name: 'nudge-1d', beforeMs: dayMs },
] as const);
export type NudgeName = (typeof nudges)[number]['name'];
