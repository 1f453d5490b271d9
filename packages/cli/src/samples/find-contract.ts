import { catalogue, type AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';

/** The contract of an event type; throws `event_type_unknown` that names those that are near, or all. */
export function findContract(type: string): AnyContract {
  const found = catalogue.get(type);
  if (found) return found;
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');
  const words = plain(type);
  const near = words === '' ? [] : [...catalogue.keys()].filter((name) => plain(name).includes(words));
  throw new SignalboxError('event_type_unknown', `There is no event type ${type}.`, {
    action:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : `Known are: ${[...catalogue.keys()].join(', ')}.`,
  });
}
