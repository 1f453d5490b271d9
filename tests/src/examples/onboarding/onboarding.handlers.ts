import type { DecideInput, Output, TimerInput } from '@signalbox/agent-kit';
import { AgentHandlers, On, OnTimer } from '@signalbox/agent-kit-nest';
import { usageRecorded, userSignedUp, type DataOf } from '@signalbox/contracts';
import { onNoUse, onSignedUp, onUsed } from './onboarding.decide.js';
import { onboarding, type Onboarding } from './onboarding.state.js';

@AgentHandlers()
export class OnboardingHandlers {
  @On(userSignedUp, { state: onboarding })
  userSignedUp(input: DecideInput<Onboarding, DataOf<typeof userSignedUp>>): readonly Output<Onboarding>[] {
    return onSignedUp(input);
  }

  @On(usageRecorded, { state: onboarding })
  usageRecorded(input: DecideInput<Onboarding, DataOf<typeof usageRecorded>>): readonly Output<Onboarding>[] {
    return onUsed(input);
  }

  @OnTimer(onboarding, 'no-use')
  noUse(input: TimerInput<Onboarding>): readonly Output<Onboarding>[] {
    return onNoUse(input);
  }
}
