import { defineState, emit, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On } from '@signalbox/agent-kit-nest';
import { defineInternalContract, trialStarted, type DataOf } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { Module } from '@nestjs/common';
import { z } from 'zod';

/** The agent `meter` as it was: version 1 of its event and of its state, and two mistakes in its code. */
export const measuredV1 = defineInternalContract('meter', {
  type: 'meter.measured',
  summary: 'A meter was read.',
  schema: z.looseObject({ meter_id: z.string(), amount: z.number() }),
  keyField: 'meter_id',
  example: { meter_id: 'm', amount: 1 },
});
export const meterV1 = defineState({ kind: 'meter', schema: z.strictObject({ total: z.number() }) });
type Meter = { total: number };

/** What the old code stumbles over: it tries 13 again, and gives 99 up. */
export const unlucky = 13;
export const hopeless = 99;
/** Longest and only delay of the old release; tests step the clock. */
export const retryMs = 3_600_000;

@AgentHandlers()
class OldHandlers {
  @On(measuredV1, { state: meterV1, retry: { delaysMs: [retryMs], afterDeadLetter: 'go-on' } })
  measured({ event, state }: DecideInput<Meter, DataOf<typeof measuredV1>>): readonly Output<Meter>[] {
    const { meter_id, amount } = event.data;
    if (amount === unlucky) throw new Error('thirteen is not understood');
    if (amount === hopeless) throw new FatalError('ninety-nine is not understood');
    const total = (state?.total ?? 0) + amount;
    return [setState({ total }), told(meter_id, `old ${total}`)];
  }
}

/** What the tests look at: an event of the catalogue that says who counted how far. */
export const told = (meterId: string, plan: string) =>
  emit(trialStarted, { ...trialStarted.example, user_id: meterId, plan });

@Module({
  imports: [AgentModule.forRoot({ name: 'meter', startFrom: 'earliest', internal: [measuredV1] })],
  controllers: [OldHandlers],
})
export class OldRelease {}
