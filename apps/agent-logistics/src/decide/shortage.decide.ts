import { rfc3339Ms } from '@signalbox/contracts';
import { dayMs, shortageShiftMs } from '../limits.js';
import type { DelayFacts, Shortage } from '../state/parts.js';
import type { Inbound, Late, ProductState, StockCount } from '../state/product.state.js';
import { isoOf } from '../texts/dates.js';

/** The count that says whether late goods are missed, and the arrivals that help out meanwhile. */
export interface Supply {
  readonly count: StockCount;
  /** Other shipments to the same warehouse, between the count and the new date, the first first. */
  readonly arrivals: readonly { readonly atMs: number; readonly quantity: number }[];
}

/**
 * What is known of the supply while the goods of `late` are missing; undefined without a usable stock count.
 * The warehouse is the shipment's; while that is not registered, the only one that holds the product.
 */
export function supplyUntil(product: ProductState, late: Late): Supply | undefined {
  const only = product.stock.length === 1 ? product.stock[0]?.warehouse : undefined;
  const warehouse = late.warehouse ?? only;
  const count = product.stock.find((one) => one.warehouse === warehouse);
  const untilMs = rfc3339Ms(late.facts.new_eta);
  if (!count || rfc3339Ms(count.counted_at) >= untilMs) return undefined;
  const countedAtMs = rfc3339Ms(count.counted_at);
  const arrivals = othersTo(product, late, count.warehouse)
    .map(({ eta, quantity }) => ({ atMs: rfc3339Ms(eta), quantity }))
    .filter(({ atMs }) => atMs > countedAtMs && atMs < untilMs)
    .sort((a, b) => a.atMs - b.atMs);
  return { count, arrivals };
}

/** Registered shipments of the product to a warehouse, without the late one. */
export const othersTo = (product: ProductState, late: Late, warehouse: string): Inbound[] =>
  product.inbound.filter((one) => one.warehouse === warehouse && one.shipment_id !== late.facts.shipment_id);

/**
 * Whether stock runs out before late goods arrive.
 *
 * Stock begins with `on_hand` at `counted_at`, falls evenly by `daily_demand` a day and jumps by the quantity of each
 * other shipment at its date. What was asked for while there was none is not made up for later. A gap is a time
 * without stock; gaps that end by `original_eta` are not the delay's doing. `short_from` is the begin of the first gap,
 * `short_until` the end of the last (`new_eta`, or the arrival that ended it), `units_short` the demand in the gaps,
 * rounded up.
 */
export function predictShortage(supply: Supply, facts: DelayFacts): Shortage | undefined {
  const { warehouse, daily_demand: demand } = supply.count;
  const gaps = gapsOf(supply, rfc3339Ms(facts.new_eta)).filter(
    (gap) => gap.toMs > rfc3339Ms(facts.original_eta),
  );
  const [first, last] = [gaps[0], gaps.at(-1)];
  if (!first || !last) return undefined;
  const missingMs = gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0);
  return {
    warehouse,
    short_from: isoOf(first.fromMs),
    short_until: isoOf(last.toMs),
    // Whole units can come out as 60.000000000004: not a unit more.
    units_short: Math.ceil((missingMs * demand) / dayMs - 1e-6),
  };
}

interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

function gapsOf({ count, arrivals }: Supply, untilMs: number): Gap[] {
  const demandPerMs = count.daily_demand / dayMs;
  if (demandPerMs === 0) return [];
  const gaps: Gap[] = [];
  let [level, atMs] = [count.on_hand, rfc3339Ms(count.counted_at)];
  for (const next of [...arrivals, { atMs: untilMs, quantity: 0 }]) {
    const emptyAtMs = Math.round(atMs + level / demandPerMs);
    if (emptyAtMs < next.atMs) gaps.push({ fromMs: emptyAtMs, toMs: next.atMs });
    level = Math.max(0, level - (next.atMs - atMs) * demandPerMs) + next.quantity;
    atMs = next.atMs;
  }
  return gaps;
}

/** Is this shortage worth telling after the one told last: the first, or a day or more earlier or later? */
export function isNews(told: Shortage | undefined, found: Shortage | undefined): boolean {
  if (!found) return false;
  return !told || Math.abs(rfc3339Ms(told.short_from) - rfc3339Ms(found.short_from)) >= shortageShiftMs;
}
