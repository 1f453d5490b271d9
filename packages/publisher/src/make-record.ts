import type { OutgoingRecord } from '@signalbox/agent-kit';
import {
  checkData,
  encodeEvent,
  eventBytesMax,
  findJsonProblem,
  keyOf,
  type AnyContract,
  type EventEnvelope,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';

/** Room for key, headers and the batch's own bytes beside the value, in bytes. */
const overheadBytesMax = 16_384;

/** An event that passed its contract, ready to be sent. */
export interface CheckedRecord {
  readonly topic: string;
  readonly key: Buffer;
  readonly envelope: EventEnvelope;
  readonly record: OutgoingRecord;
}

/** Checks an event against its contract and the limits of its topic and writes it as a record. */
export function makeRecord(
  contract: AnyContract,
  envelope: EventEnvelope,
  traceparent?: string,
): CheckedRecord {
  checkData(contract, envelope.data);
  const problem = findJsonProblem(envelope.data);
  if (problem) {
    const message = `${contract.type} cannot be stored: ${problem.pointer || 'the data'} ${problem.message}.`;
    throw new SignalboxError('event_invalid', message, { pointers: [problem] });
  }
  const key = keyOf(contract, envelope.data);
  const encoded = encodeEvent(envelope, { key, ...(traceparent === undefined ? {} : { traceparent }) });
  if (encoded.value.length > eventBytesMax - overheadBytesMax) {
    const limit = eventBytesMax - overheadBytesMax;
    throw new SignalboxError(
      'event_too_large',
      `${contract.type} has ${encoded.value.length} bytes; ${limit} are allowed.`,
    );
  }
  const keyBytes = Buffer.from(key, 'utf8');
  return { topic: contract.topic, key: keyBytes, envelope, record: { key: keyBytes, ...encoded } };
}
