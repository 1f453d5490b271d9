/** The notification channel of an app's pending table; 0005_tell_processes.sql knows its name. */
export const pendingChannel = (schema: string): string => `sb_pending_${schema}`.slice(0, 63);

/** What a notification says when a person changed a switch or asked for a redrive; any other is about pending work. */
export const ORDERS = 'orders';
