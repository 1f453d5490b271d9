import type { AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { ReadySource } from '@signalbox/sources';

/**
 * The contract of a body's event type. Throws `event_type_unknown` when the source may not send that type and
 * `event_invalid` when the type is missing or not text.
 */
export function contractOf(source: ReadySource, eventType: unknown): AnyContract {
  if (typeof eventType !== 'string') {
    const message = eventType === undefined ? 'is required' : 'must be a string';
    throw new SignalboxError('event_invalid', `/event_type ${message}.`, {
      pointers: [{ pointer: '/event_type', message }],
    });
  }
  const contract = source.contracts.get(eventType);
  if (contract) return contract;
  const message = `must be one of ${[...source.contracts.keys()].join(', ')}`;
  throw new SignalboxError(
    'event_type_unknown',
    `This address does not take the event type given in /event_type.`,
    {
      pointers: [{ pointer: '/event_type', message }],
    },
  );
}
