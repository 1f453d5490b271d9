import { databaseSettings, httpSettings, kafkaSettings, logSettings } from '@signalbox/config';
import { z } from 'zod';

/** Settings of every agent app. */
export const agentSettings = z.object({
  ...kafkaSettings.shape,
  ...databaseSettings.shape,
  ...httpSettings.shape,
  ...logSettings.shape,
  /** Version shown in dead letters and activity, e.g. a commit. */
  CODE_VERSION: z.string().max(64).default('development'),
});
export type AgentSettings = Readonly<z.infer<typeof agentSettings>>;
