import type { ProviderRecord } from '@signalbox/webhooks';

// Filled from the list of ready providers.
export const providers: ReadonlyMap<string, ProviderRecord> = new Map();
