import 'reflect-metadata';
import { defineState, emit, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On, startAgent } from '@signalbox/agent-kit-nest';
import { trialConverted, trialStarted, userSignedUp, type DataOf } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { failEvery } from '../harness/settings.js';
import { isFailing } from '../load/sign-up.js';

const greeted = defineState({ kind: 'greeted', schema: z.object({ at: z.string() }) });
type Greeted = z.infer<typeof greeted.schema>;
type SignUp = DataOf<typeof userSignedUp>;

/** Users whose event has failed. A real handler is pure; this one only has to fail exactly once. */
const hasFailed = new Set<string>();

/** One state and one event for each sign-up; every so many fail once. Those that did are told apart by their event. */
@AgentHandlers()
class FailingHandlers {
  @On(userSignedUp, { state: greeted })
  signedUp({ event, now }: DecideInput<Greeted, SignUp>): readonly Output<Greeted>[] {
    const { user_id, plan } = event.data;
    const fails = isFailing(user_id, failEvery);
    if (fails && !hasFailed.delete(user_id)) {
      hasFailed.add(user_id);
      throw new SignalboxError('handler_failed', 'fails once');
    }
    const at = now.toISOString();
    const state = setState<Greeted>({ at });
    if (!fails) return [state, emit(trialStarted, { user_id, plan, started_at: at, ends_at: at })];
    const converted = { user_id, plan, paid_plan: plan, started_at: at, converted_at: at, usage: {} };
    return [state, emit(trialConverted, converted)];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'failing', startFrom: 'earliest' })],
  controllers: [FailingHandlers],
})
class FailingModule {}

void startAgent(FailingModule);
