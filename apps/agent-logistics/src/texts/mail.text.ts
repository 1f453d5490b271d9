import { rfc3339Ms, type DataOf } from '@signalbox/contracts';
import type { customerAffected, WaitingOrder } from '../internal-events.js';
import type { Network } from '../network/network.js';
import { causeText } from './cause.text.js';
import { listText, longDate, oneLine, plural, shortDate } from './dates.js';

export interface Mail {
  /** At most 255 characters, one line. */
  readonly subject: string;
  readonly body: string;
}

/**
 * The mail to a customer whose orders wait for late goods: what is late, the new date, why, an apology and what the
 * customer can do. `again`: the customer was told another date for these goods before.
 */
export function delayMail(data: DataOf<typeof customerAffected>, again: boolean, network: Network): Mail {
  const { facts, orders } = data;
  const single = orders.length === 1 && data.orders_more === 0;
  const whose = single ? `Your order ${oneLine(orders[0]?.order_id ?? '', 120)}` : 'Your orders';
  const what = again ? ': the date has changed,' : single ? ' is late:' : ' are late:';
  const subject = `${whose}${what} now expected ${shortDate(facts.new_eta)}`;
  const body = [
    `Dear ${oneLine(data.customer_name, 255)},`,
    apology(single, again),
    waitingList(orders, data.orders_more),
    datesText(facts.original_eta, facts.new_eta, again),
    causeText(facts.reason, network),
    'You need not do anything: we send your goods on as soon as they are here. If the new date does not suit you, ' +
      'reply to this mail, and we will find another way together.',
    'We are sorry for the trouble this gives you, and thank you for your patience.',
    'Your customer service',
  ].join('\n\n');
  return { subject: oneLine(subject, 255), body };
}

function apology(single: boolean, again: boolean): string {
  const what = single ? 'your order' : 'your orders';
  return again
    ? `we must correct the date we gave you for ${what}, and we apologise: the goods will arrive on another day than we told you.`
    : `we are sorry: goods for ${what} are held up on their way to us, so we cannot deliver as promised.`;
}

function waitingList(orders: readonly WaitingOrder[], more: number): string {
  const lines = orders.map((order) => {
    const items = order.items.map((item) => `${item.quantity} x ${oneLine(item.product_id, 255)}`);
    const rest = order.items_more > 0 ? [`${plural(order.items_more, 'further product')}`] : [];
    return `  - order ${oneLine(order.order_id, 255)}: ${listText([...items, ...rest])}`;
  });
  return ['This concerns', ...lines, ...(more > 0 ? [`  - and ${plural(more, 'further order')}`] : [])].join(
    '\n',
  );
}

function datesText(originalEta: string, newEta: string, again: boolean): string {
  const sameDay = shortDate(originalEta) === shortDate(newEta);
  const hour = sameDay ? `, ${new Date(rfc3339Ms(newEta)).toISOString().slice(11, 16)} UTC` : '';
  const was = again ? 'The first plan was' : 'They were due on';
  return `The goods are now expected on ${longDate(newEta)}${hour}. ${was} ${longDate(originalEta)}.`;
}
