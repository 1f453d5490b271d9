import { defineState } from '@signalbox/agent-kit';
import { emailAddress, entityId, text, timestamp } from '@signalbox/contracts';
import { z } from 'zod';
import { featuresMax } from './usage.js';

const usage = z
  .record(text(255), z.number().min(0))
  .refine((features) => Object.keys(features).length <= featuresMax + 1, {
    message: `at most ${featuresMax} features`,
  });
/** When the user last used anything; null where only version 1 knew, which did not keep it. */
const lastUsedAt = timestamp.nullable();
const trial = {
  user_id: entityId,
  email: emailAddress,
  plan: text(255),
  started_at: timestamp,
  ends_at: timestamp,
  usage,
  last_used_at: lastUsedAt,
};

const schema = z.discriminatedUnion('status', [
  /** Usage that came before the sign-up, or of somebody who signed up for no trial. */
  z.strictObject({ status: z.literal('usage_only'), usage, last_used_at: lastUsedAt }),
  z.strictObject({ status: z.literal('active'), ...trial }),
  z.strictObject({ status: z.literal('expired'), ...trial }),
  /** Pays, after a trial or without one. */
  z.strictObject({
    status: z.literal('paying'),
    paid_plan: text(255),
    since: timestamp,
    /** When the trial began that came before, once it is known. */
    trial_started_at: timestamp.optional(),
    usage,
    last_used_at: lastUsedAt,
  }),
]);

export type TrialState = z.infer<typeof schema>;
export type Trial = Extract<TrialState, { status: 'active' }>;

/** What the trial monitor knows of one user. Version 2 also keeps when the user was last seen. */
export const trialState = defineState<TrialState>({
  kind: 'trial',
  version: 2,
  schema,
  upcasters: { 1: (old) => ({ ...(old as object), last_used_at: null }) },
});
