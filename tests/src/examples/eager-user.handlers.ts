import type { DecideInput, Output } from '@signalbox/agent-kit';
import { AgentHandlers, On } from '@signalbox/agent-kit-nest';
import { usageRecorded, type DataOf } from '@signalbox/contracts';
import type { z } from 'zod';
import { noticeEagerUser, usage } from './eager-user.decide.js';

type Usage = z.infer<typeof usage.schema>;

@AgentHandlers()
export class EagerUserHandlers {
  @On(usageRecorded, { state: usage })
  usageRecorded(input: DecideInput<Usage, DataOf<typeof usageRecorded>>): readonly Output<Usage>[] {
    return noticeEagerUser(input);
  }
}
