import { subscriptionStarted, usageRecorded, userSignedUp } from '@signalbox/contracts';
import { event, type TestEvent } from '@signalbox/test-kit';
import type { SignUp, Subscription, UsageRecord } from '../src/trial-monitor.decide.js';
import type { Trial, TrialState } from '../src/trial.state.js';

/** The sample sign-up's time, and the end of its 14 days. */
export const start = '2026-03-31T10:30:00.000Z';
export const end = '2026-04-14T10:30:00.000Z';
/** `days` after the start of the sample trial. */
export const day = (days: number): string => new Date(Date.parse(start) + days * 86_400_000).toISOString();

export const signUp = (
  at = start,
  data: Partial<SignUp> = {},
  eventId = `sign-up ${at}`,
): TestEvent<SignUp> => event(userSignedUp, { ...userSignedUp.example, ...data }, { at, eventId });
export const usage = (at: string, feature = 'report_export', quantity = 3): TestEvent<UsageRecord> =>
  event(
    usageRecorded,
    { user_id: 'usr-5678', feature, quantity, unit: 'call' },
    { at, eventId: `usage ${at} ${feature}` },
  );
export const subscribed = (at: string, plan = 'premium'): TestEvent<Subscription> =>
  event(
    subscriptionStarted,
    { user_id: 'usr-5678', plan, started_at: at },
    { at, eventId: `subscribed ${at}` },
  );

export const active = (change: Partial<Trial> = {}): Trial => ({
  status: 'active',
  user_id: 'usr-5678',
  email: 'jane.doe@example.com',
  plan: 'premium_trial',
  started_at: start,
  ends_at: end,
  usage: {},
  last_used_at: null,
  ...change,
});
export const expiredTrial = (change: Partial<Trial> = {}): TrialState => ({
  ...active(change),
  status: 'expired',
});
export const paying = (since: string, trial_started_at?: string): TrialState => ({
  status: 'paying',
  paid_plan: 'premium',
  since,
  usage: {},
  last_used_at: null,
  ...(trial_started_at === undefined ? {} : { trial_started_at }),
});
