import { defineState, emit, setState, type DecideInput, type Output } from '@signalbox/agent-kit';
import { notificationRequested, type DataOf, type usageRecorded } from '@signalbox/contracts';
import { z } from 'zod';

export const usage = defineState({ kind: 'usage', schema: z.object({ total: z.number() }) });
type Usage = z.infer<typeof usage.schema>;

const EAGER_FROM = 100;

/** Tells sales once about a user who has used the product a hundred times. */
export function noticeEagerUser({
  event,
  state,
}: DecideInput<Usage, DataOf<typeof usageRecorded>>): Output<Usage>[] {
  const { user_id, quantity } = event.data;
  const before = state?.total ?? 0;
  const total = before + quantity;
  if (before >= EAGER_FROM || total < EAGER_FROM) return [setState({ total })];
  const message = emit(notificationRequested, {
    subject_kind: 'user',
    subject_id: user_id,
    channel: 'slack',
    audience: 'sales',
    action: 'trigger',
    dedup_key: `eager-${user_id}`,
    severity: 'info',
    title: `User ${user_id} has used the product ${total} times`,
  });
  return [setState({ total }), message];
}
