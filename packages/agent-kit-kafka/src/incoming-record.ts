import type { IncomingRecord } from '@signalbox/agent-kit';
import type { KafkaMessage } from 'kafkajs';

const noBytes = Buffer.alloc(0);

type HeaderValue = Buffer | string | (Buffer | string)[] | undefined | null;

function lastValue(value: HeaderValue): Buffer {
  const last = Array.isArray(value) ? value.at(-1) : value;
  if (last === undefined || last === null) return noBytes;
  return Buffer.isBuffer(last) ? last : Buffer.from(last);
}

/** A record of kafkajs in the port's form. A header without a value becomes an empty one. */
export function toIncomingRecord(message: KafkaMessage): IncomingRecord {
  return {
    offset: BigInt(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: headersOf(message.headers ?? {}),
  };
}

/** Nearly always they are as the port wants them. */
function headersOf(given: NonNullable<KafkaMessage['headers']>): Record<string, Buffer> {
  for (const name in given) if (!Buffer.isBuffer(given[name])) return lastValues(given);
  return given as Record<string, Buffer>;
}

function lastValues(given: NonNullable<KafkaMessage['headers']>): Record<string, Buffer> {
  const headers: Record<string, Buffer> = {};
  for (const name of Object.keys(given)) {
    const value = lastValue(given[name]);
    // Assigned, it would become the object's prototype; a header of this name stays a header.
    if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true });
    else headers[name] = value;
  }
  return headers;
}
