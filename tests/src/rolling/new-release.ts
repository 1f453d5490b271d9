import { defineState, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On } from '@signalbox/agent-kit-nest';
import { defineInternalContract, type DataOf } from '@signalbox/contracts';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { retryMs, told } from './old-release.js';

const version1 = z.looseObject({ meter_id: z.string(), amount: z.number() });

/** The agent `meter` as it became: amounts have a unit, the state counts readings, and no number is unlucky. */
export const measuredV2 = defineInternalContract('meter', {
  type: 'meter.measured',
  version: 2,
  upcasters: {
    1: (old) => {
      const { amount, ...data } = version1.parse(old);
      return { ...data, measured: { amount, unit: 'kwh' } };
    },
  },
  summary: 'A meter was read.',
  schema: z.looseObject({
    meter_id: z.string(),
    measured: z.looseObject({ amount: z.number(), unit: z.string() }),
  }),
  keyField: 'meter_id',
  example: { meter_id: 'm', measured: { amount: 1, unit: 'kwh' } },
});
/** `readings` counts from the change on. */
const meterV2 = defineState({
  kind: 'meter',
  version: 2,
  schema: z.strictObject({ total: z.number(), readings: z.number() }),
  upcasters: { 1: (old) => ({ ...(old as object), readings: 0 }) },
});
type Meter = { total: number; readings: number };

@AgentHandlers()
class NewHandlers {
  @On(measuredV2, { state: meterV2, retry: { delaysMs: [retryMs], afterDeadLetter: 'go-on' } })
  measured({ event, state }: DecideInput<Meter, DataOf<typeof measuredV2>>): readonly Output<Meter>[] {
    const { meter_id, measured } = event.data;
    const next = { total: (state?.total ?? 0) + measured.amount, readings: (state?.readings ?? 0) + 1 };
    return [setState(next), told(meter_id, `new ${next.total} ${measured.unit} in ${next.readings}`)];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'meter', startFrom: 'earliest', internal: [measuredV2] })],
  controllers: [NewHandlers],
})
export class NewRelease {}
