import { databaseSettings, httpSettings, kafkaSettings, logSettings, wholeNumber } from '@signalbox/config';
import { z } from 'zod';

/** Settings of every agent app. */
export const agentSettings = z.object({
  ...kafkaSettings.shape,
  ...databaseSettings.shape,
  ...httpSettings.shape,
  ...logSettings.shape,
  /** Version shown in dead letters and activity, e.g. a commit. */
  CODE_VERSION: z.string().max(64).default('development'),
  /** Who sends it may control the agent over HTTP (/control); left out: nobody. */
  CONTROL_TOKEN: z.string().min(16).optional(),
  /** Signs events sent to the agent's own endpoint (/webhooks/<name>-agent); left out: none is taken there. */
  INTAKE_SECRET: z.string().min(16).optional(),
  /** The secret before it, as long as senders may still sign with it. */
  INTAKE_SECRET_BEFORE: z.string().min(16).optional(),
  /** Outside acts begun in any hour, at most; left out: no cap. */
  EFFECTS_PER_HOUR_MAX: wholeNumber(1, 1_000_000_000).optional(),
});
export type AgentSettings = Readonly<z.infer<typeof agentSettings>>;
