import {
  cancelTimer,
  clearState,
  emit,
  note,
  setState,
  setTimer,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import { emailRequested, type DataOf, type usageRecorded, type userSignedUp } from '@signalbox/contracts';
import type { Onboarding } from './onboarding.state.js';

type SignUp = DataOf<typeof userSignedUp>;
type Usage = DataOf<typeof usageRecorded>;

/** How long we wait for the first use, in milliseconds. */
export const patienceMs = 2 * 86_400_000;

/** Remembers the user and waits. */
export function onSignedUp({ event, now }: DecideInput<Onboarding, SignUp>): Output<Onboarding>[] {
  return [
    setState({ email: event.data.email, reminded: false }),
    setTimer('no-use', new Date(now.getTime() + patienceMs)),
  ];
}

/** The user has found the way in: nothing is left to do. */
export function onUsed({ state }: DecideInput<Onboarding, Usage>): Output<Onboarding>[] {
  return state ? [clearState(), cancelTimer('no-use')] : [];
}

/** Two days and nothing was used: asks for one mail. */
export function onNoUse({ key, state }: TimerInput<Onboarding>): Output<Onboarding>[] {
  if (!state || state.reminded) return [note('Nobody to remind.')];
  return [
    setState({ ...state, reminded: true }),
    emit(emailRequested, {
      recipient_id: key.value,
      to: state.email,
      subject: 'Can we help you to start?',
      body_text: 'Hello,\n\nyour account is ready. Half an hour is enough for a first report.',
      purpose: 'onboarding',
    }),
  ];
}
