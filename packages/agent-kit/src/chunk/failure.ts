import { retryDelaysMs, retryTopic } from '@signalbox/contracts';
import { RetryAfterError, SignalboxError } from '@signalbox/errors';
import type { RetryPolicy } from '../handlers.js';
import { eventCause, outputId } from '../ids.js';
import type { RawRecord } from '../ports/store.js';
import type { OutgoingEvent } from './effects.js';
import { NewerStateError } from './key-cells.js';
import { messageOf } from './dead-letters.js';

/** State or an event of a newer version: code of that version will come by. */
export const NEWER_RETRY_MS = 30_000;
/** A retry topic that is this late is not waited for any longer. */
const WAKE_UP_LATE_MS = 60_000;

/** What becomes of work whose handler threw. */
export type FailurePlan =
  | { readonly kind: 'dead_letter' }
  | {
      readonly kind: 'again';
      readonly dueAt: Date;
      /** When Postgres alone takes it up. */
      readonly claimAt: Date;
      /** Failures so far, this one included (unless it does not count). */
      readonly attempts: number;
      /** The retry topic that wakes it up. */
      readonly delay?: keyof typeof retryDelaysMs;
    };

/** Whether and when to try again, after `failures` counted failures before this one. */
export function planFailure(thrown: unknown, policy: RetryPolicy, failures: number, now: Date): FailurePlan {
  if (isNewer(thrown)) return again(now, NEWER_RETRY_MS, failures);
  if (thrown instanceof SignalboxError && !thrown.retryable) return { kind: 'dead_letter' };
  const delayMs = policy.delaysMs[failures];
  if (delayMs === undefined) return { kind: 'dead_letter' };
  return again(
    now,
    thrown instanceof RetryAfterError ? Math.max(thrown.afterMs, delayMs) : delayMs,
    failures + 1,
  );
}

/** Whether only the version of this code stands in the way; such a failure does not count. */
const isNewer = (thrown: unknown): boolean =>
  thrown instanceof NewerStateError || (thrown instanceof SignalboxError && thrown.code === 'event_newer');

function again(now: Date, afterMs: number, attempts: number): FailurePlan {
  const dueAt = new Date(now.getTime() + afterMs);
  const delay = (Object.keys(retryDelaysMs) as (keyof typeof retryDelaysMs)[]).find(
    (name) => retryDelaysMs[name] === afterMs,
  );
  if (delay === undefined) return { kind: 'again', dueAt, claimAt: dueAt, attempts };
  return { kind: 'again', dueAt, claimAt: new Date(dueAt.getTime() + WAKE_UP_LATE_MS), attempts, delay };
}

/** The name of one handler's unfinished work on an event. */
export const workHandle = (agent: string, handler: string, source: string, eventId: string): string =>
  outputId({ agent, handler, cause: eventCause(source, eventId) }, 'pending', '', 0);

/** The record on a retry topic: the original as it came, and what it is to wake up. */
export function wakeUpRecord(
  agent: string,
  handler: string,
  handle: string,
  record: RawRecord,
  plan: Extract<FailurePlan, { kind: 'again' }>,
  thrown: unknown,
): OutgoingEvent[] {
  if (plan.delay === undefined) return [];
  const added = {
    'sb-pending-id': handle,
    'sb-attempt': String(plan.attempts),
    'sb-due-at': plan.dueAt.toISOString(),
    'sb-agent': agent,
    'sb-handler': handler,
    'sb-error-message': messageOf(thrown),
    'sb-original-topic': record.topic,
    'sb-original-partition': String(record.partition),
    'sb-original-offset': String(record.offset),
    'sb-original-timestamp': String(record.timestampMs),
  };
  // Not spread: into an object of so many fields that takes ten times as long.
  const headers = Object.assign({}, record.headers, added) as OutgoingEvent['record']['headers'];
  const key = record.key ?? Buffer.from(record.topic);
  return [{ topic: retryTopic(agent, plan.delay), record: { key, value: record.value, headers } }];
}
