import { cancelTimer, emit, note, setState, setTimer } from '@signalbox/agent-kit';
import {
  emailRequested,
  trialConverted,
  trialExpired,
  trialStarted,
  userSignedUp,
} from '@signalbox/contracts';
import { event, given, textMatching, timer } from '@signalbox/test-kit';
import { active, day, end, expiredTrial, paying, signUp, start, subscribed, usage } from '../test/samples.js';
import { onNudge, onSignedUp, onSubscribed, onTrialEnd, onUsage } from './trial-monitor.decide.js';
import { trialState, type TrialState } from './trial.state.js';

const trialStartedNow = emit(trialStarted, {
  user_id: 'usr-5678',
  plan: 'premium_trial',
  started_at: start,
  ends_at: end,
});
const payload = { ends_at: end };
const cancelled = [cancelTimer('nudge-3d'), cancelTimer('nudge-1d'), cancelTimer('trial-end')];
const converted = (at: string, used: Record<string, number> = {}) =>
  emit(trialConverted, {
    user_id: 'usr-5678',
    plan: 'premium_trial',
    paid_plan: 'premium',
    started_at: start,
    converted_at: at,
    usage: used,
  });
const expired = (used: Record<string, number> = {}) =>
  emit(trialExpired, {
    user_id: 'usr-5678',
    plan: 'premium_trial',
    started_at: start,
    expired_at: end,
    usage: used,
  });

describe('a sign-up for a trial', () => {
  it('starts the clock and sets reminders and the end', () => {
    given(undefined, trialState)
      .when(signUp())
      .with(onSignedUp)
      .then(
        setState(active()),
        trialStartedNow,
        setTimer('nudge-3d', new Date(day(11)), payload),
        setTimer('nudge-1d', new Date(day(13)), payload),
        setTimer('trial-end', new Date(end), payload),
      );
  });

  it('takes over the usage that came before it', () => {
    given({ status: 'usage_only', usage: { report_export: 2 }, last_used_at: day(-1) }, trialState)
      .when(signUp())
      .with(onSignedUp)
      .thenIncludes(setState(active({ usage: { report_export: 2 }, last_used_at: day(-1) })));
  });

  it('that is seen late sets only the reminders still to come', () => {
    given(undefined, trialState)
      .when(signUp())
      .at(day(12))
      .with(onSignedUp)
      .then(
        setState(active()),
        trialStartedNow,
        setTimer('nudge-1d', new Date(day(13)), payload),
        setTimer('trial-end', new Date(end), payload),
      );
    given(undefined, trialState)
      .when(signUp())
      .at(day(100))
      .with(onSignedUp)
      .then(setState(active()), trialStartedNow, setTimer('trial-end', new Date(end), payload));
  });

  it('of a longer plan lasts longer, and never begins in the future', () => {
    given(undefined, trialState)
      .when(signUp(day(2), { plan: 'enterprise_trial' }))
      .at(start)
      .with(onSignedUp)
      .thenIncludes(setState(active({ plan: 'enterprise_trial', ends_at: day(30) })));
  });

  it.each<[string, TrialState]>([
    ['a running trial', active()],
    ['a trial that has ended', expiredTrial()],
    ['a customer', paying(day(-1))],
    ['a customer who had a trial', paying(day(5), start)],
  ])('starts no other trial for %s', (_whom, state) => {
    given(state, trialState).when(signUp(start)).with(onSignedUp).thenNothing();
  });

  it('that becomes known after the subscription is told as converted', () => {
    given(paying(day(5)), trialState)
      .when(signUp())
      .at(day(6))
      .with(onSignedUp)
      .then(setState(paying(day(5), start)), trialStartedNow, converted(day(5)));
  });

  it('that becomes known after a subscription of after its end is told as expired', () => {
    given(paying(day(20)), trialState)
      .when(signUp())
      .at(day(21))
      .with(onSignedUp)
      .then(setState(paying(day(20), start)), trialStartedNow, expired());
  });
});

describe('any other sign-up', () => {
  it.each<TrialState | undefined>([
    undefined,
    { status: 'usage_only', usage: { export: 1 }, last_used_at: null },
    active(),
  ])('changes nothing of %j', (state) =>
    given(state, trialState)
      .when(event(userSignedUp, { ...userSignedUp.example, plan: 'industrial' }))
      .with(onSignedUp)
      .thenNothing(),
  );
});

describe('usage', () => {
  it('keeps when the user was last seen, whatever comes late', () => {
    given(active({ last_used_at: day(3) }), trialState)
      .when(usage(day(2)))
      .with(onUsage)
      .then(setState(active({ usage: { report_export: 3 }, last_used_at: day(3) })));
  });

  it('goes on from a state of version 1, which did not keep that', () => {
    const { last_used_at: _new, ...version1 } = active({ usage: { report_export: 1 } });
    expect(trialState.upcasters[1]?.(version1)).toEqual(active({ usage: { report_export: 1 } }));
  });

  it('is kept before the sign-up is known, and added up', () => {
    given(undefined, trialState)
      .when(usage(day(0)))
      .with(onUsage)
      .then(setState({ status: 'usage_only', usage: { report_export: 3 }, last_used_at: day(0) }));
    given({ status: 'usage_only', usage: { report_export: 3 }, last_used_at: day(0) }, trialState)
      .when(usage(day(0), 'import', 1.5))
      .with(onUsage)
      .then(
        setState({ status: 'usage_only', usage: { report_export: 3, import: 1.5 }, last_used_at: day(0) }),
      );
    given(active({ usage: { report_export: 3 } }), trialState)
      .when(usage(day(1)))
      .with(onUsage)
      .then(setState(active({ usage: { report_export: 6 }, last_used_at: day(1) })));
  });

  it('counts up to the last moment of the trial', () => {
    given(active(), trialState)
      .when(usage(end))
      .with(onUsage)
      .then(setState(active({ usage: { report_export: 3 }, last_used_at: end })));
    given(active(), trialState)
      .when(usage(day(14.001)))
      .with(onUsage)
      .thenNothing();
  });

  it.each<[string, TrialState]>([
    ['the trial has ended', expiredTrial()],
    ['the user pays', paying(day(3), start)],
  ])('is not counted once %s', (_when, state) =>
    given(state, trialState)
      .when(usage(day(4)))
      .with(onUsage)
      .thenNothing(),
  );

  it('of nothing changes nothing', () =>
    given(active(), trialState)
      .when(usage(day(1), 'x', 0))
      .with(onUsage)
      .thenNothing());
});

describe('a subscription', () => {
  it('converts the running trial and cancels its timers', () => {
    given(active({ usage: { report_export: 3 } }), trialState)
      .when(subscribed(day(10)))
      .with(onSubscribed)
      .then(
        setState({ ...paying(day(10), start), usage: { report_export: 3 } }),
        converted(day(10), { report_export: 3 }),
        ...cancelled,
      );
  });

  it('of in time that becomes known after the end still converts', () => {
    given(expiredTrial(), trialState)
      .when(subscribed(day(13)))
      .at(day(15))
      .with(onSubscribed)
      .then(setState(paying(day(13), start)), converted(day(13)));
  });

  it('of after the end makes a customer, but no conversion', () => {
    given(expiredTrial(), trialState)
      .when(subscribed(day(15)))
      .with(onSubscribed)
      .then(setState(paying(day(15), start)));
  });

  it('before any sign-up is remembered, with the usage so far', () => {
    given(undefined, trialState)
      .when(subscribed(day(5)))
      .with(onSubscribed)
      .then(setState(paying(day(5))));
    given({ status: 'usage_only', usage: { report_export: 3 }, last_used_at: day(0) }, trialState)
      .when(subscribed('2026-04-05T12:30:00+02:00'))
      .with(onSubscribed)
      .then(setState({ ...paying(day(5)), usage: { report_export: 3 }, last_used_at: day(0) }));
  });

  it('of somebody who pays already is only noted', () => {
    given(paying(day(5), start), trialState)
      .when(subscribed(day(7), 'team'))
      .with(onSubscribed)
      .then(note(`The user has been paying since ${day(5)}.`));
  });
});

describe('reminders', () => {
  const fired = (name: string, ends_at = end) =>
    timer(name, { payload: { ends_at }, dueAt: day(11), key: 'usr-5678' });
  const mail = (subject: string, body: RegExp) => ({
    recipient_id: 'usr-5678',
    to: 'jane.doe@example.com',
    subject,
    body_text: textMatching(body),
    purpose: 'trial_reminder',
  });

  it('speak of what the user has used most', () => {
    given(active({ usage: { report_export: 3, csv_import: 9, other: 50, share: 4, draft: 1 } }), trialState)
      .when(fired('nudge-3d'))
      .with(onNudge)
      .then(
        emit(
          emailRequested,
          mail('Three days left in your trial', /14 April 2026.*csv import, share and report export\./s),
          { label: 'nudge-3d' },
        ),
      );
  });

  it('help those who have not begun', () => {
    given(active(), trialState)
      .when(fired('nudge-3d'))
      .with(onNudge)
      .then(
        emit(emailRequested, mail('Three days left in your trial', /no time to try it yet/), {
          label: 'nudge-3d',
        }),
      );
    given(active(), trialState)
      .when(fired('nudge-1d'))
      .with(onNudge)
      .then(emit(emailRequested, mail('Your trial ends tomorrow', /a few days more/), { label: 'nudge-1d' }));
  });

  it.each<[string, TrialState | undefined]>([
    ['the user pays', paying(day(5), start)],
    ['the trial has ended', expiredTrial()],
    ['nothing is known', undefined],
    ['the trial is another one', active({ ends_at: day(20) })],
  ])('are not sent when %s', (_when, state) => {
    given(state, trialState).when(fired('nudge-3d')).with(onNudge).thenNothing();
    given(state, trialState).when(fired('trial-end')).with(onTrialEnd).thenNothing();
  });
});

describe('the end of the trial', () => {
  it('is told with the usage', () => {
    const used = { report_export: 3 };
    given(active({ usage: used }), trialState)
      .when(timer('trial-end', { payload, dueAt: end }))
      .with(onTrialEnd)
      .then(setState(expiredTrial({ usage: used })), expired(used));
  });
});
