import { httpSettings, logSettings, wholeNumber } from '@signalbox/config';
import { z } from 'zod';

/** Settings of the sample payment service. */
export const sampleSettings = z.object({
  ...httpSettings.shape,
  ...logSettings.shape,
  /** Where the monitor's webhooks go, e.g. http://127.0.0.1:3000. */
  GATEWAY_URL: z.url({ protocol: /^https?$/, message: 'must be an http or https URL' }),
  /** Signs the monitor's webhooks. */
  WEBHOOK_SECRET: z.string().min(1),
  CHECK_INTERVAL_MS: wholeNumber(50, 60_000).default(1_000),
  /** Named in the alerts. */
  SERVICE_ENVIRONMENT: z.string().min(1).max(255).default('production'),
  /** Address of this app in the alerts' links; left out: its own host and port. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
});
export type SampleSettings = Readonly<z.infer<typeof sampleSettings>>;
