import type { TopicRecord } from '@signalbox/agent-kit-kafka';
import { catalogue, decodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { headline } from '../story/headline.js';
import { printable } from './printable.js';
import { timeOfDay } from './time.js';

/** A record as `tail` shows it: the event in it, or why there is none. */
export interface DecodedRecord {
  readonly record: TopicRecord;
  readonly event?: EventEnvelope;
  readonly error?: SignalboxError;
}

const rawTextMax = 200;

export function decodeRecord(record: TopicRecord): DecodedRecord {
  try {
    return { record, event: decodeEvent(record) };
  } catch (error) {
    if (error instanceof SignalboxError) return { record, error };
    throw error;
  }
}

/** The record as one JSON document; bytes that are no event are given in base64. */
export function recordJson({ record, event, error }: DecodedRecord): object {
  const { topic, partition, offset, timestampMs, key, value } = record;
  return {
    topic,
    partition,
    offset,
    timestamp: new Date(timestampMs).toISOString(),
    key: key?.toString('utf8') ?? null,
    ...(event ? { event } : { error: { code: error?.code, message: error?.message } }),
    ...(event ? {} : { value_base64: value?.toString('base64') ?? null }),
  };
}

/** The record on two lines: where and what, then the data. */
export function recordText({ record, event, error }: DecodedRecord): string {
  const place = `${timeOfDay(record.timestampMs)}  ${record.partition}:${record.offset}`;
  if (!event) {
    const raw = printable(record.value?.toString('utf8') ?? '(no value)', rawTextMax);
    return `${place}  not an event: ${printable(error?.message ?? '')}\n    ${raw}`;
  }
  const { event_type: type, event_id: id, data, metadata } = event;
  // What no contract describes is shown as it is: a provider's payload on webhook.<source>.
  const words = printable(catalogue.has(type) ? headline(type, data) : JSON.stringify(data), rawTextMax);
  const from = printable(metadata.source_service, 60);
  const story = metadata.correlation_id;
  // Ids are shown whole, so that they can be copied into the next command.
  const own = id === story ? '' : `  id ${printable(id)}`;
  return `${place}  ${printable(type)}  ${words}\n    from ${from}${own}  story ${printable(story)}`;
}
