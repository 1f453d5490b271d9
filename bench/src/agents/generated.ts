import {
  defineState,
  setState,
  setTimer,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On, OnTimer, startAgent } from '@signalbox/agent-kit-nest';
import { text, timestamp, userSignedUp, type DataOf } from '@signalbox/contracts';
import { Module } from '@nestjs/common';
import { z } from 'zod';

/**
 * What `npm run new:agent <name> -- --on user.signed_up` makes, in one file and under any name: state and a timer for
 * each key. Started with its name as the only argument. It reads what comes after its first start.
 */
const name = process.argv[2] ?? 'generated';
const quietMs = 7 * 86_400_000;

const schema = z.strictObject({ events: z.number().int().min(1), last_type: text(249), last_at: timestamp });
type State = z.infer<typeof schema>;
const state = defineState<State>({ kind: name, schema });

@AgentHandlers()
class GeneratedHandlers {
  @On(userSignedUp, { state })
  userSignedUp(input: DecideInput<State, DataOf<typeof userSignedUp>>): readonly Output<State>[] {
    const events = (input.state?.events ?? 0) + 1;
    return [
      setState({ events, last_type: input.event.event_type, last_at: input.now.toISOString() }),
      setTimer('quiet', new Date(input.now.getTime() + quietMs)),
    ];
  }

  @OnTimer(state, 'quiet')
  quiet(_input: TimerInput<State>): readonly Output<State>[] {
    return [];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name, startFrom: 'latest' })],
  controllers: [GeneratedHandlers],
})
class GeneratedModule {}

void startAgent(GeneratedModule);
