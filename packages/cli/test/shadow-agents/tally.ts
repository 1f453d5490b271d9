import {
  defineState,
  emit,
  setState,
  setTimer,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import { trialStarted, type DataOf, type usageRecorded } from '@signalbox/contracts';
import { z } from 'zod';

export const tally = defineState({ kind: 'tally', schema: z.object({ total: z.number() }) });
export type Tally = z.infer<typeof tally.schema>;
type Usage = DataOf<typeof usageRecorded>;

/** How long after the first use the timer of a user fires, in milliseconds. */
const laterMs = 200;

const told = (userId: string, plan: string, now: Date) =>
  emit(trialStarted, { user_id: userId, plan, started_at: now.toISOString(), ends_at: now.toISOString() });

/** What two releases of one agent have in common. `loud` is the total that is told. */
export function onUsage(
  { event, state, now }: DecideInput<Tally, Usage>,
  loud: number,
  word: string,
): readonly Output<Tally>[] {
  const { user_id, quantity } = event.data;
  if (quantity === 0) return [];
  const total = (state?.total ?? 0) + quantity;
  return [
    setState({ total }),
    ...(state ? [] : [setTimer('later', new Date(now.getTime() + laterMs))]),
    ...(total >= loud ? [told(user_id, `${word} ${total}`, now)] : []),
  ];
}

export const onLater = ({ key, state, now }: TimerInput<Tally>): readonly Output<Tally>[] => [
  told(key.value, `later ${state?.total ?? 0}`, now),
];
