// An agent of its own process for tests that end it, stop it or starve it. What an event asks for is in `feature`.
import 'reflect-metadata';
import { defineState, emit, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { AgentModule } from '../src/agent.module.js';
import { AgentHandlers, On } from '../src/decorators/decorators.js';
import { startAgent } from '../src/start-agent.js';

const tally = defineState({ kind: 'tally', schema: z.object({ total: z.number() }) });
type Tally = { total: number };

@AgentHandlers()
class FaultyHandlers {
  @On(usageRecorded, { state: tally })
  count({ event, state, now }: DecideInput<Tally, DataOf<typeof usageRecorded>>): Output<Tally>[] {
    const { user_id, feature, quantity } = event.data;
    if (feature === 'kill') process.kill(process.pid, 'SIGKILL');
    if (feature === 'kill') for (;;); // the signal takes a moment
    const total = (state?.total ?? 0) + quantity;
    const at = now.toISOString();
    const started = { user_id, plan: `total ${total}`, started_at: at, ends_at: at };
    return [setState({ total }), emit(trialStarted, started)];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'faulty', startFrom: 'latest' })],
  controllers: [FaultyHandlers],
})
class FaultyModule {}

void startAgent(FaultyModule);
