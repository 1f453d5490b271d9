/** The notification channel of an app's pending table. */
export const pendingChannel = (schema: string): string => `sb_pending_${schema}`.slice(0, 63);
