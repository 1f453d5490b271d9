// An agent of its own process for tests that end it, stop it or starve it. What an event asks for is in `feature`;
// `arm` sets a timer that is due at the milliseconds since 1970 in `quantity`.
import 'reflect-metadata';
import {
  defineState,
  emit,
  setState,
  setTimer,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import { loadSettings } from '@signalbox/config';
import { trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { AgentModule } from '../src/agent.module.js';
import { AgentHandlers, On, OnTimer } from '../src/decorators/decorators.js';
import { startAgent } from '../src/start-agent.js';

const tally = defineState({ kind: 'tally', schema: z.object({ total: z.number() }) });
type Tally = { total: number };

/** The feature whose events are dead letters while this process runs. */
const { FAULTY_FEATURE: broken } = loadSettings(z.object({ FAULTY_FEATURE: z.string().optional() }));

@AgentHandlers()
class FaultyHandlers {
  @On(usageRecorded, { state: tally })
  count({ event, state, now }: DecideInput<Tally, DataOf<typeof usageRecorded>>): Output<Tally>[] {
    const { user_id, feature, quantity } = event.data;
    if (feature === 'kill') process.kill(process.pid, 'SIGKILL');
    if (feature === 'kill') for (;;); // the signal takes a moment
    if (feature === broken) throw new FatalError(`${feature} is broken`);
    if (feature === 'arm') return [setState({ total: 0 }), setTimer('ring', new Date(quantity))];
    const total = (state?.total ?? 0) + quantity;
    const at = now.toISOString();
    const started = { user_id, plan: `total ${total}`, started_at: at, ends_at: at };
    return [setState({ total }), emit(trialStarted, started)];
  }

  /** Tells when it was due and when it fired. */
  @OnTimer(tally, 'ring')
  ring({ key, timer, now }: TimerInput<Tally>): readonly Output<Tally>[] {
    const [due, at] = [timer.dueAt.toISOString(), now.toISOString()];
    return [emit(trialStarted, { user_id: key.value, plan: 'rang', started_at: at, ends_at: due })];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'faulty', startFrom: 'latest' })],
  controllers: [FaultyHandlers],
})
class FaultyModule {}

void startAgent(FaultyModule);
