import { z } from 'zod';

/** The remediator's own settings. */
export const remediatorSettings = z.object({
  /** File of the steps that may be run; relative to the folder the process was started in. */
  REMEDIATION_ALLOW_LIST: z.string().min(1).default('infra/runbooks/allow-list.yaml'),
});
