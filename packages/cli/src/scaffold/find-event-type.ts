import { catalogue, type AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';

/** Event types that are this near are suggested, in letters to change. */
const distanceMax = 4;
const suggestionsMax = 3;

/** The contract of an event type; throws `event_type_unknown` that names the nearest ones, or says where all are listed. */
export function findEventType(type: string): AnyContract {
  const found = catalogue.get(type);
  if (found) return found;
  const near = [...catalogue.keys()]
    .map((known) => ({ known, distance: nearness(plain(type), plain(known)) }))
    .filter(({ distance }) => distance <= distanceMax)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, suggestionsMax)
    .map(({ known }) => known);
  throw new SignalboxError('event_type_unknown', `There is no event type ${type}.`, {
    action:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'docs/reference/events.md lists every event type.',
  });
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/** 0 where one contains the other, else how many letters to insert, drop or change. */
function nearness(a: string, b: string): number {
  if (a.length >= 3 && (b.includes(a) || a.includes(b))) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? Number.POSITIVE_INFINITY;
}
