import { defineState, type StateOf } from '@signalbox/agent-kit';
import { entityId, timestamp } from '@signalbox/contracts';
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What one customer was told about one shipment. Key: `noticeId`. */
export const noticeState = defineState({
  kind: 'notice',
  schema: z.object({
    shipment_id: entityId,
    customer_id: entityId,
    /** The new dates the customer has a mail about, in the order told. */
    told_etas: z.array(timestamp),
  }),
});
export type NoticeState = StateOf<typeof noticeState>;

/** The key of a shipment and a customer together; a digest, because both ids together may be longer than a key. */
export const noticeId = (shipmentId: string, customerId: string): string =>
  createHash('sha256')
    .update(JSON.stringify([shipmentId, customerId]))
    .digest('hex');
