import { alertmanager } from './alertmanager.js';
import { clerkUsers } from './clerk-users.js';
import type { ReadyMapping } from './ready-mapping.js';
import { shopifyCustomers } from './shopify-customers.js';
import { stripeSubscriptions } from './stripe-subscriptions.js';
import { zendeskTickets } from './zendesk-tickets.js';

/** By name. */
export const readyMappings: ReadonlyMap<string, ReadyMapping> = new Map(
  [alertmanager, clerkUsers, shopifyCustomers, stripeSubscriptions, zendeskTickets].map((mapping) => [
    mapping.name,
    mapping,
  ]),
);

/** The ready mapping for a provider's payloads, where there is one. */
export const readyMappingFor = (provider: string): ReadyMapping | undefined =>
  [...readyMappings.values()].find(({ providers }) => providers.includes(provider));
export type { ReadyMapping };
