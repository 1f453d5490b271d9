import { deadLetterTopic, type ActivityEntry, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError, errorCodeOf } from '@signalbox/errors';
import { deadLetterFingerprint } from '../fingerprint.js';
import type { AgentDefinition } from '../handlers.js';
import type { DeadLetter, RawRecord } from '../ports/store.js';
import type { StateKey } from '../state.js';
import type { ActivityBase } from './activity-base.js';
import type { Effects, OutgoingEvent } from './effects.js';

const MESSAGE_CHARS_MAX = 1_000;

/** What is known about the work that failed. */
export interface Failed {
  readonly record: RawRecord;
  readonly event?: EventEnvelope;
  /** Where there is no event: whose story a timer's firing belongs to. */
  readonly firing?: ActivityBase;
  readonly handler?: string;
  readonly key?: StateKey;
  readonly attempts: number;
  readonly sequence?: bigint;
  readonly redrives?: number;
  readonly firstFailedAt: Date;
  readonly now: Date;
}

/** Adds a dead letter, its copy for the agent's dead-letter topic and its line of activity. */
export function addDeadLetter(
  effects: Effects,
  agent: AgentDefinition,
  failed: Failed,
  thrown: unknown,
): void {
  const letter = deadLetterOf(agent, failed, thrown);
  effects.deadLetters.push(letter);
  effects.events.push(deadLetterCopy(agent, letter));
  effects.activity.push(deadLetterActivity(letter, failed.firing));
}

/** What is kept of failed work. */
export function deadLetterOf(agent: AgentDefinition, failed: Failed, thrown: unknown): DeadLetter {
  const errorCode = errorCodeOf(thrown);
  const errorMessage = messageOf(thrown);
  const handler = failed.handler ?? null;
  return {
    handler,
    key: failed.key ?? null,
    source: failed.event?.metadata.source_service ?? null,
    eventId: failed.event?.event_id ?? null,
    eventType: failed.event?.event_type ?? null,
    correlationId: failed.event?.metadata.correlation_id ?? failed.firing?.correlation_id ?? null,
    errorCode,
    errorMessage,
    fingerprint: deadLetterFingerprint(errorCode, errorMessage, handler),
    attempts: failed.attempts,
    ...(failed.sequence === undefined ? {} : { sequence: failed.sequence }),
    redrives: failed.redrives ?? 0,
    firstFailedAt: failed.firstFailedAt,
    lastFailedAt: failed.now,
    codeVersion: agent.codeVersion,
    record: failed.record,
  };
}

/** One line for people: our own errors with their pointers, others with their name; control characters dropped. */
export function messageOf(thrown: unknown): string {
  const own = thrown instanceof SignalboxError;
  const text =
    thrown instanceof Error ? (own ? thrown.message : `${thrown.name}: ${thrown.message}`) : String(thrown);
  const pointers = own
    ? thrown.pointers.map(({ pointer, message }) => ` ${pointer}: ${message};`).join('')
    : '';
  // eslint-disable-next-line no-control-regex
  return (text + pointers).replace(/[\u0000-\u001f]+/g, ' ').slice(0, MESSAGE_CHARS_MAX);
}

function deadLetterCopy(agent: AgentDefinition, letter: DeadLetter): OutgoingEvent {
  const { record } = letter;
  const added = {
    'sb-agent': agent.name,
    'sb-handler': letter.handler ?? '',
    'sb-reason': letter.errorCode,
    'sb-error-code': letter.errorCode,
    'sb-error-message': letter.errorMessage,
    'sb-fingerprint': letter.fingerprint,
    'sb-attempt': String(letter.attempts),
    'sb-first-failed-at': letter.firstFailedAt.toISOString(),
    'sb-last-failed-at': letter.lastFailedAt.toISOString(),
    'sb-code-version': letter.codeVersion,
    'sb-original-topic': record.topic,
    'sb-original-partition': String(record.partition),
    'sb-original-offset': String(record.offset),
    'sb-original-timestamp': String(record.timestampMs),
  };
  return {
    topic: deadLetterTopic(agent.name),
    record: {
      key: record.key ?? Buffer.from(record.topic),
      value: record.value,
      headers: { ...record.headers, ...added },
    },
  };
}

function deadLetterActivity(letter: DeadLetter, firing: ActivityBase | undefined): ActivityEntry {
  const { record, eventId, source, eventType, correlationId } = letter;
  return {
    event_id: eventId ?? firing?.event_id ?? `${record.topic}/${record.partition}/${record.offset}`,
    source: source ?? firing?.source ?? 'unknown',
    event_type: eventType ?? record.topic,
    ...(correlationId === null ? {} : { correlation_id: correlationId }),
    ...(letter.handler ? { handler: letter.handler } : {}),
    outcome: 'dead_lettered',
    attempt: letter.attempts,
    error_code: letter.errorCode,
    note: letter.errorMessage,
  };
}
