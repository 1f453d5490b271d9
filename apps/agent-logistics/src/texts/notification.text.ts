import { rfc3339Ms } from '@signalbox/contracts';
import type { RankedRoutes } from '../decide/routes.decide.js';
import type { Network } from '../network/network.js';
import type { DelayFacts } from '../state/parts.js';
import type { Assessment, Booking } from '../state/shipment.state.js';
import { dateAndTime, durationText, listText, oneLine, plural } from './dates.js';

/** Everything a message to inventory and sales can tell. */
export interface Situation {
  readonly facts: DelayFacts;
  readonly products: readonly string[];
  readonly booking: Booking | undefined;
  readonly routes: RankedRoutes | undefined;
  readonly assessment: Pick<Assessment, 'awaiting' | 'shortages'>;
  readonly customers: number;
  /** Other shipments asked to come earlier. */
  readonly wanted: readonly string[];
  /** True for what was found out after the first message. */
  readonly update: boolean;
}

/** Lines of one kind in a message. */
const linesMax = 8;
/** Slack takes longer texts, the contract does not. */
const bodyCharsMax = 3_000;

export function notificationTitle({ facts, update }: Situation): string {
  const late = durationText(rfc3339Ms(facts.new_eta) - rfc3339Ms(facts.original_eta));
  return `${update ? 'Update: shipment' : 'Shipment'} ${facts.shipment_id} is ${late} late, now due ${dateAndTime(facts.new_eta)}`;
}

/** The body for one audience: inventory reads of stock, routes and other shipments, sales of stock and customers. */
export function notificationBody(
  situation: Situation,
  audience: 'inventory' | 'sales',
  network: Network,
): string {
  const lines = [
    ...factLines(situation),
    ...shortageLines(situation),
    ...(audience === 'inventory' ? [...routeLines(situation, network), ...wantedLines(situation)] : []),
    customerLine(situation),
  ];
  const text = lines.join('\n');
  return text.length <= bodyCharsMax ? text : `${text.slice(0, bodyCharsMax - 1)}…`;
}

function factLines({ facts, products, booking }: Situation): string[] {
  const names = products.slice(0, linesMax).map((product) => oneLine(product, 60));
  const more = products.length > linesMax ? [`${products.length - linesMax} more`] : [];
  return [
    `Carrier: ${oneLine(facts.carrier, 100)}. Was due ${dateAndTime(facts.original_eta)}.`,
    `Reason: ${oneLine(facts.reason, 400)}`,
    products.length > 0 ? `Products: ${listText([...names, ...more])}` : 'Products: none named.',
    booking
      ? `From ${booking.origin} to ${booking.destination}, for warehouse ${oneLine(booking.warehouse, 60)}.`
      : 'This shipment is not registered: its route, quantities and warehouse are unknown.',
  ];
}

function shortageLines({ assessment, products }: Situation): string[] {
  const lines = assessment.shortages
    .slice(0, linesMax)
    .map(
      (short) =>
        `Shortage: ${oneLine(short.product_id, 60)} in ${oneLine(short.warehouse, 60)} from ${dateAndTime(short.short_from)} ` +
        `to ${dateAndTime(short.short_until)}, about ${plural(short.units_short, 'unit')}.`,
    );
  const more = assessment.shortages.length - linesMax;
  const waiting = assessment.awaiting.length;
  return [
    ...lines,
    ...(more > 0 ? [`And shortages of ${more} more products.`] : []),
    ...(lines.length === 0 && products.length > 0
      ? ['No shortage is predicted from the stock counts at hand.']
      : []),
    ...(waiting > 0 ? [`${plural(waiting, 'product')} could not be assessed yet.`] : []),
  ];
}

function routeLines({ booking, routes }: Situation, network: Network): string[] {
  if (!booking) return [];
  if (!routes) return ['Other ways: the ports of this shipment are not in the data set.'];
  if (routes.routes.length === 0) return ['Other ways: none.'];
  const nameOf = (port: string): string => network.ports.get(port)?.name ?? port;
  const lines = routes.routes
    .slice(0, 3)
    .map(
      ({ rank, ports, days, cost_usd, eta }) =>
        `  ${rank}. ${ports.map(nameOf).join(' – ')}: ${days} days, ${cost_usd} USD a container, arrives ${dateAndTime(eta)}`,
    );
  return ['Other ways, best first:', ...lines];
}

function wantedLines({ wanted }: Situation): string[] {
  if (wanted.length === 0) return [];
  const names = wanted.slice(0, linesMax).map((id) => oneLine(id, 60));
  const more = wanted.length > linesMax ? [`${wanted.length - linesMax} more`] : [];
  return [
    `Other shipments with short products: ${listText([...names, ...more])}; those that can come earlier are moved up.`,
  ];
}

const customerLine = ({ customers }: Situation): string =>
  customers === 0
    ? 'No customer with an affected order is known.'
    : `Told by mail: ${plural(customers, 'customer')} with affected orders.`;
