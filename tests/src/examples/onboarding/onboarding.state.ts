import { defineState } from '@signalbox/agent-kit';
import { emailAddress } from '@signalbox/contracts';
import { z } from 'zod';

const schema = z.strictObject({ email: emailAddress, reminded: z.boolean() });

export type Onboarding = z.infer<typeof schema>;

/** A user who has signed up and not used anything yet. */
export const onboarding = defineState<Onboarding>({ kind: 'onboarding', schema });
