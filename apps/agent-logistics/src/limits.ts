// How much the agent keeps and sends. What goes beyond is left out as the comment says, never refused.

/** Open orders of one product; beyond: those promised first are forgotten, they are the likeliest to be delivered. */
export const ordersPerProductMax = 5_000;
/** Shipments on the way with one product; beyond: the earliest to arrive are forgotten. */
export const inboundPerProductMax = 500;
/** Late shipments of one product; beyond: the earliest to arrive are forgotten. */
export const latePerProductMax = 100;
/** Warehouses that hold one product; beyond: the count made longest ago is forgotten. */
export const warehousesPerProductMax = 200;
/** Products of one late shipment. */
export const productsPerDelayMax = 1_000;
/** Orders in one `product.assessed`; more go into further parts (a part stays far below the record limit). */
export const ordersPerPartMax = 200;
/** Orders a shipment collects before it lets the mails go without waiting for the other products. */
export const ordersPerAssessmentMax = 2_000;
/** Orders named in one mail, and products named of each; beyond: the mail says how many more there are. */
export const ordersPerMailMax = 20;
export const itemsPerOrderMax = 10;
/** Other shipments of one product that may be asked to come earlier, and of one delay. */
export const candidatesPerProductMax = 20;
export const candidatesPerDelayMax = 100;
/** Dates a customer was told of per shipment; beyond: the first are forgotten. */
export const toldEtasMax = 50;
/** Ways ranked for one delay. */
export const routesMax = 5;
/** Lanes of one way. */
export const lanesPerRouteMax = 5;

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** An order promised, or a shipment due, longer than this before a stock count is taken for delivered. */
export const deliveredAfterMs = 30 * dayMs;
/** An arrival that ends a shortage helps orders promised at least this much later: goods must be unloaded and sent. */
export const handlingMs = 24 * hourMs;
/** A prediction is told again when the stock runs out at least this much earlier or later. */
export const shortageShiftMs = 24 * hourMs;
/** How long a late shipment waits for its products' answers before people are told without them. */
export const assessmentMsMax = 60_000;
