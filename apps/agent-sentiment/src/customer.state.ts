import { defineState } from '@signalbox/agent-kit';
import {
  customerUpdated,
  emailAddress,
  entityId,
  httpUrl,
  text,
  ticketPriority,
  timestamp,
  type DataOf,
} from '@signalbox/contracts';
import { z } from 'zod';

/** Posts a case remembers, so that the same post is not taken for another complaint; the oldest make room. */
export const postsMax = 50;
/** Drafts of one customer that wait for a person; with so many no further one is written. */
export const draftsMax = 20;
/** Support lead first, then a manager. */
export const escalationsMax = 2;

const complaint = z.strictObject({
  source: text(255),
  original_post_url: httpUrl,
  customer_name: text(255),
  sentiment_score: z.number().min(-1).max(1),
  message: text(10_000),
  action_required: z.boolean(),
});

const openCase = z.strictObject({
  id: entityId,
  opened_at: timestamp,
  priority: ticketPriority,
  complaints: z.number().int().min(1),
  /** The newest complaint, and when the agent heard of it. */
  last: complaint,
  last_at: timestamp,
  posts: z.array(httpUrl).max(postsMax),
  /** Once the ticket desk has said so. */
  ticket_number: z.number().int().min(1).optional(),
  escalations: z.number().int().min(0).max(escalationsMax),
});

const draft = z.strictObject({
  id: entityId,
  to: emailAddress.optional(),
  subject: text(255),
  body_text: text(20_000),
});

const schema = z.strictObject({
  contact: z.strictObject({ name: text(255), email: emailAddress, tier: text(64).optional() }).optional(),
  /** Number of cases ever opened; the last part of the next case's id. */
  cases_opened: z.number().int().min(0),
  drafts_written: z.number().int().min(0),
  case: openCase.optional(),
  /** Drafts that wait for a person. */
  drafts: z.array(draft).max(draftsMax),
});

export type Complaint = z.infer<typeof complaint>;
export type OpenCase = z.infer<typeof openCase>;
export type Draft = z.infer<typeof draft>;
export type CustomerState = z.infer<typeof schema>;
export type Customer = DataOf<typeof customerUpdated>;

/** What the agent knows of one customer. */
export const customerState = defineState<CustomerState>({ kind: 'customer', schema });

/** A customer nothing is known of yet. */
export const newCustomer: CustomerState = Object.freeze({ cases_opened: 0, drafts_written: 0, drafts: [] });
