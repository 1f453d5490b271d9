import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, timestamp } from '../fields.js';
import { port } from './parts/logistics.js';

/** logistics ranked the ways a late shipment can still go. */
export const routesRanked = defineContract({
  type: 'routes.ranked',
  owner: 'logistics',
  summary: 'Alternative routes of a late shipment, best first.',
  schema: z.looseObject({
    shipment_id: entityId,
    from: port.describe('The last planned port the shipment left, or its origin before departure.'),
    to: port,
    closed_ports: z.array(port).describe("Ports the delay's reason closes, sorted."),
    routes: z
      .array(
        z.looseObject({
          rank: z.number().int().min(1),
          ports: z.array(port).min(2),
          modes: z
            .array(z.enum(['sea', 'rail', 'road']))
            .min(1)
            .describe('How each leg is travelled.'),
          days: z
            .number()
            .min(0)
            .describe('From the first port to the last, transfers and waiting included.'),
          cost_usd: z.number().min(0).describe('US dollars for one 40-foot container.'),
          eta: timestamp,
        }),
      )
      .max(20),
  }),
  keyField: 'shipment_id',
  example: {
    shipment_id: 'SHIP-XYZ-789',
    from: 'CNSHA',
    to: 'DEHAM',
    closed_ports: ['NLRTM'],
    routes: [
      {
        rank: 1,
        ports: ['CNSHA', 'BEANR', 'DEHAM'],
        modes: ['sea', 'sea'],
        days: 29.5,
        cost_usd: 2_400,
        eta: '2026-04-08T18:00:00Z',
      },
    ],
  },
});
