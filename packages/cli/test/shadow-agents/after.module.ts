import type { DecideInput, Output, TimerInput } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On, OnTimer } from '@signalbox/agent-kit-nest';
import { usageRecorded, type DataOf } from '@signalbox/contracts';
import { Module } from '@nestjs/common';
import { onLater, onUsage, tally, type Tally } from './tally.js';

@AgentHandlers()
class AfterHandlers {
  @On(usageRecorded, { state: tally })
  used(input: DecideInput<Tally, DataOf<typeof usageRecorded>>): readonly Output<Tally>[] {
    return onUsage(input, 5, 'sum');
  }

  @OnTimer(tally, 'later')
  later(input: TimerInput<Tally>): readonly Output<Tally>[] {
    return onLater(input);
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'tally', startFrom: 'earliest' })],
  controllers: [AfterHandlers],
})
export class AppModule {}
