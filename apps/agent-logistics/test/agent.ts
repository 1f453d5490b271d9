import { decidingHandlers } from '@signalbox/agent-kit-nest';
import type { DataOf, Contract } from '@signalbox/contracts';
import { orderPlaced, shipmentRegistered, shippingDelay, stockChanged } from '@signalbox/contracts';
import { event, Story, type StoryAgent, type TestEvent } from '@signalbox/test-kit';
import { agentName } from '../src/internal-events.js';
import { LogisticsHandlers } from '../src/logistics.handlers.js';
import { loadNetwork } from '../src/network/load-network.js';

export const network = loadNetwork();

/** The agent as the runtime sees it: its handlers as declared by their decorators. */
export const logisticsAgent = (): StoryAgent => ({
  name: agentName,
  handlers: decidingHandlers(new LogisticsHandlers(network)),
});

type Delay = DataOf<typeof shippingDelay>;
type Shipment = DataOf<typeof shipmentRegistered>;
type Order = DataOf<typeof orderPlaced>;
type Stock = DataOf<typeof stockChanged>;

let ids = 0;
const fresh = <D>(contract: Contract<string, D>, data: D): TestEvent<D> =>
  event(contract, data, { eventId: `${contract.type}-${(ids += 1)}`, correlationId: 'story-1' });

/** The samples of the contracts: SHIP-XYZ-789 with PROD-A and PROD-B from Shanghai over Rotterdam to Hamburg. */
export const delay = (more: Partial<Delay> = {}) =>
  fresh(shippingDelay, { ...shippingDelay.example, ...more });
export const registered = (more: Partial<Shipment> = {}) =>
  fresh(shipmentRegistered, { ...shipmentRegistered.example, ...more });
export const order = (more: Partial<Order> = {}) => fresh(orderPlaced, { ...orderPlaced.example, ...more });
export const stock = (more: Partial<Stock> = {}) => fresh(stockChanged, { ...stockChanged.example, ...more });

/** A story whose clock is far from the dates in the events: decisions must not depend on it. */
export const newStory = (): Story => new Story(logisticsAgent(), '2026-11-22T01:00:00Z');

/** Hands the events over one after the other. */
export function play(...events: readonly TestEvent<never>[] | readonly TestEvent[]): Story {
  const story = newStory();
  for (const one of events) story.publish(one as TestEvent);
  return story;
}
