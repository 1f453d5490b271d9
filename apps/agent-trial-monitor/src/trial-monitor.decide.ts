import {
  cancelTimer,
  emit,
  note,
  setState,
  setTimer,
  type DecideInput,
  type EmitOutput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import {
  emailRequested,
  rfc3339Ms,
  trialConverted,
  trialExpired,
  trialStarted,
  type DataOf,
  type subscriptionStarted,
  type usageRecorded,
  type userSignedUp,
} from '@signalbox/contracts';
import { nudgeMail } from './nudges.js';
import { isTrial, nudges, trialMs, type NudgeName } from './plans.js';
import type { Trial, TrialState } from './trial.state.js';
import { withUsage } from './usage.js';

export type SignUp = DataOf<typeof userSignedUp>;
export type UsageRecord = DataOf<typeof usageRecorded>;
export type Subscription = DataOf<typeof subscriptionStarted>;
type Outputs = Output<TrialState>[];

/** Which trial a timer belongs to: of an earlier one it does nothing. */
export interface TimerPayload {
  readonly ends_at: string;
}

/** A sign-up for a trial starts its clock; usage that came before counts for it. */
export function onSignedUp({ event, state, now }: DecideInput<TrialState, SignUp>): Outputs {
  const { plan } = event.data;
  if (!isTrial(plan)) return [note('The plan is no trial: nothing to watch.')];
  if (state?.status === 'active' || state?.status === 'expired') {
    return [note(`The user has had a trial since ${state.started_at}: a second sign-up starts no other.`)];
  }
  const trial = newTrial(event.data, earlierOf(event.timestamp, now), state);
  if (state?.status === 'paying') return signedUpLate(trial, state);
  const endsMs = rfc3339Ms(trial.ends_at);
  const payload: TimerPayload = { ends_at: trial.ends_at };
  const timers = nudges
    .filter(({ beforeMs }) => endsMs - beforeMs > now.getTime())
    .map(({ name, beforeMs }) => setTimer(name, new Date(endsMs - beforeMs), payload));
  return [setState(trial), started(trial), ...timers, setTimer('trial-end', new Date(endsMs), payload)];
}

/** Usage counts as long as the trial runs, and before it. */
export function onUsage({ event, state, now }: DecideInput<TrialState, UsageRecord>): Outputs {
  const { feature, quantity } = event.data;
  if (quantity === 0) return [note('Nothing was used.')];
  const last_used_at = laterOf(state?.last_used_at ?? null, earlierOf(event.timestamp, now));
  if (!state) {
    return [setState({ status: 'usage_only', usage: withUsage({}, feature, quantity), last_used_at })];
  }
  if (state.status === 'expired' || state.status === 'paying')
    return [note('No trial is running: usage is not counted.')];
  if (state.status === 'active' && rfc3339Ms(event.timestamp) > rfc3339Ms(state.ends_at)) {
    return [note('Used after the end of the trial: not counted.')];
  }
  return [setState({ ...state, usage: withUsage(state.usage, feature, quantity), last_used_at })];
}

/** A subscription ends the trial for good, in whatever order the two become known. */
export function onSubscribed({ event, state }: DecideInput<TrialState, Subscription>): Outputs {
  if (state?.status === 'paying') return [note(`The user has been paying since ${state.since}.`)];
  const { plan, started_at } = event.data;
  const since = iso(started_at);
  const usage = { ...state?.usage };
  const last_used_at = state?.last_used_at ?? null;
  if (state?.status !== 'active' && state?.status !== 'expired') {
    return [
      setState({ status: 'paying', paid_plan: plan, since, usage, last_used_at }),
      note('No trial is known (yet).'),
    ];
  }
  const paying = setState<TrialState>({
    status: 'paying',
    paid_plan: plan,
    since,
    trial_started_at: state.started_at,
    usage,
    last_used_at,
  });
  if (state.status === 'active') return [paying, converted(state, plan, since), ...cancelTimers()];
  if (since > state.ends_at)
    return [paying, note('The trial had ended before: a new customer, but no conversion.')];
  return [
    paying,
    converted(state, plan, since),
    note('The subscription began in time and became known late.'),
  ];
}

/** Three days and one day before the end: a mail that fits what the user has tried. */
export function onNudge({ timer, state, now }: TimerInput<TrialState, TimerPayload>): Outputs {
  if (state?.status !== 'active' || state.ends_at !== timer.payload.ends_at)
    return [note('The trial is over: no reminder.')];
  const name: NudgeName = timer.name === 'nudge-1d' ? 'nudge-1d' : 'nudge-3d';
  const { subject, body } = nudgeMail(name, state, now);
  return [
    emit(
      emailRequested,
      { recipient_id: state.user_id, to: state.email, subject, body_text: body, purpose: 'trial_reminder' },
      { label: name },
    ),
  ];
}

/** The end: the trial has expired, unless a subscription came first. */
export function onTrialEnd({ timer, state }: TimerInput<TrialState, TimerPayload>): Outputs {
  if (state?.status !== 'active' || state.ends_at !== timer.payload.ends_at)
    return [note('The trial is over already.')];
  return [setState({ ...state, status: 'expired' }), expired(state)];
}

/** The subscription became known before the sign-up: the trial is over at once, or never was one. */
function signedUpLate(trial: Trial, paying: Extract<TrialState, { status: 'paying' }>): Outputs {
  const { since, paid_plan, trial_started_at } = paying;
  if (trial_started_at !== undefined || since < trial.started_at) {
    return [note(`The user has been paying since ${since}: no trial is started.`)];
  }
  return [
    setState({ ...paying, trial_started_at: trial.started_at }),
    started(trial),
    since <= trial.ends_at ? converted(trial, paid_plan, since) : expired(trial),
    note(`The subscription of ${since} became known before the sign-up: no reminders.`),
  ];
}

function newTrial(
  { user_id, email, plan }: SignUp,
  started_at: string,
  before: TrialState | undefined,
): Trial {
  const ends_at = new Date(rfc3339Ms(started_at) + trialMs(plan)).toISOString();
  const last_used_at = before?.last_used_at ?? null;
  return {
    status: 'active',
    user_id,
    email,
    plan,
    started_at,
    ends_at,
    usage: { ...before?.usage },
    last_used_at,
  };
}

function started({ user_id, plan, started_at, ends_at }: Trial): EmitOutput {
  return emit(trialStarted, { user_id, plan, started_at, ends_at });
}

type Ended = Pick<Trial, 'user_id' | 'plan' | 'started_at' | 'ends_at' | 'usage'>;

function converted(
  { user_id, plan, started_at, usage }: Ended,
  paid_plan: string,
  converted_at: string,
): EmitOutput {
  return emit(trialConverted, { user_id, plan, paid_plan, started_at, converted_at, usage: { ...usage } });
}

function expired({ user_id, plan, started_at, ends_at, usage }: Ended): EmitOutput {
  return emit(trialExpired, { user_id, plan, started_at, expired_at: ends_at, usage: { ...usage } });
}

const cancelTimers = (): Outputs => [
  ...nudges.map(({ name }) => cancelTimer(name)),
  cancelTimer('trial-end'),
];

const laterOf = (before: string | null, at: string): string => (before !== null && before > at ? before : at);

const iso = (timestamp: string): string => new Date(rfc3339Ms(timestamp)).toISOString();

/** The event's time; one in the future counts as now, so that no trial outlasts its plan. */
const earlierOf = (timestamp: string, now: Date): string =>
  new Date(Math.max(0, Math.min(rfc3339Ms(timestamp), now.getTime()))).toISOString();
