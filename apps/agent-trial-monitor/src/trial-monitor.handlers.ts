import type { DecideInput, Output, TimerInput } from '@signalbox/agent-kit';
import { AgentHandlers, On, OnTimer } from '@signalbox/agent-kit-nest';
import { subscriptionStarted, usageRecorded, userSignedUp } from '@signalbox/contracts';
import {
  onNudge,
  onSignedUp,
  onSubscribed,
  onTrialEnd,
  onUsage,
  type SignUp,
  type Subscription,
  type TimerPayload,
  type UsageRecord,
} from './trial-monitor.decide.js';
import { trialState, type TrialState } from './trial.state.js';

@AgentHandlers()
export class TrialMonitorHandlers {
  @On(userSignedUp, { state: trialState })
  userSignedUp(input: DecideInput<TrialState, SignUp>): readonly Output<TrialState>[] {
    return onSignedUp(input);
  }

  @On(usageRecorded, { state: trialState })
  usageRecorded(input: DecideInput<TrialState, UsageRecord>): readonly Output<TrialState>[] {
    return onUsage(input);
  }

  @On(subscriptionStarted, { state: trialState })
  subscriptionStarted(input: DecideInput<TrialState, Subscription>): readonly Output<TrialState>[] {
    return onSubscribed(input);
  }

  @OnTimer(trialState, 'nudge-3d')
  nudgeThreeDaysBefore(input: TimerInput<TrialState, TimerPayload>): readonly Output<TrialState>[] {
    return onNudge(input);
  }

  @OnTimer(trialState, 'nudge-1d')
  nudgeOneDayBefore(input: TimerInput<TrialState, TimerPayload>): readonly Output<TrialState>[] {
    return onNudge(input);
  }

  @OnTimer(trialState, 'trial-end')
  trialEnd(input: TimerInput<TrialState, TimerPayload>): readonly Output<TrialState>[] {
    return onTrialEnd(input);
  }
}
