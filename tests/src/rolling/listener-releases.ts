import { emit, type DecideInput, type Output } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On } from '@signalbox/agent-kit-nest';
import { subscriptionStarted, trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { Module } from '@nestjs/common';

const told = (userId: string, plan: string) =>
  emit(trialStarted, { ...trialStarted.example, user_id: userId, plan });
const agent = AgentModule.forRoot({ name: 'listener', startFrom: 'earliest' });

@AgentHandlers()
class OldHandlers {
  @On(usageRecorded)
  used({ event }: DecideInput<undefined, DataOf<typeof usageRecorded>>): readonly Output[] {
    return [told(event.data.user_id, 'used')];
  }
}

/** The agent `listener` as it was: it reads one topic. */
@Module({ imports: [agent], controllers: [OldHandlers] })
export class OldListener {}

@AgentHandlers()
class NewHandlers extends OldHandlers {
  @On(subscriptionStarted)
  subscribed({ event }: DecideInput<undefined, DataOf<typeof subscriptionStarted>>): readonly Output[] {
    return [told(event.data.user_id, 'subscribed')];
  }
}

/** The agent `listener` as it became: it reads a second one. */
@Module({ imports: [agent], controllers: [NewHandlers] })
export class NewListener {}
