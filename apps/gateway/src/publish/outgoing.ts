import type { OutgoingRecord } from '@signalbox/agent-kit';
import {
  encodeEvent,
  eventBytesMax,
  keyOf,
  type AnyContract,
  type EventEnvelope,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';

/** A record and the topic it goes to; the key decides the partition. */
export interface Outgoing {
  readonly topic: string;
  readonly key: Buffer;
  readonly record: OutgoingRecord;
}

/** Room of a record batch for its own header, the record's lengths, key and headers. */
const overheadBytes = 4_096;

/** Encodes an event for its contract's topic. Throws `event_too_large` when the topic would refuse it. */
export function outgoing(contract: AnyContract, envelope: EventEnvelope, traceparent?: string): Outgoing {
  const keyText = keyOf(contract, envelope.data);
  const key = Buffer.from(keyText, 'utf8');
  const { value, headers } = encodeEvent(envelope, {
    key: keyText,
    ...(traceparent === undefined ? {} : { traceparent }),
  });
  if (value.length > eventBytesMax - overheadBytes) {
    const limit = eventBytesMax - overheadBytes;
    throw new SignalboxError(
      'event_too_large',
      `The event has ${value.length} bytes; its topic takes ${limit}.`,
    );
  }
  return { topic: contract.topic, key, record: { key, value, headers } };
}
