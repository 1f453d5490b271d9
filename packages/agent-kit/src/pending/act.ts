import { currentEvent, decodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { RetryAfterError, SignalboxError, errorCodeOf } from '@signalbox/errors';
import { messageOf } from '../chunk/dead-letters.js';
import { defaultRetryPolicy, type GiveUp, type UnknownOutcome } from '../handlers.js';
import { eventCause, outputId } from '../ids.js';
import type { EmitOutput, NoteOutput } from '../outputs.js';
import type { PendingRow } from '../ports/store.js';
import type { AnyPerform } from '../registry.js';
import type { RunnerPorts } from '../runner/ports.js';

const DEADLINE_MS = 15_000;

/** How one attempt of an outside act ended. */
export type ActResult =
  | { readonly kind: 'done'; readonly outputs: readonly (EmitOutput | NoteOutput)[] }
  | { readonly kind: 'again'; readonly afterMs: number; readonly error: unknown }
  | {
      readonly kind: 'given_up';
      readonly error: unknown;
      readonly outputs: readonly (EmitOutput | NoteOutput)[];
    };

/** A connector's job: the request, its handler and the key that stays the same over every attempt. */
export interface Job {
  readonly row: PendingRow;
  readonly handler: AnyPerform;
  readonly event: EventEnvelope;
  readonly idempotencyKey: string;
}

/** Reads a job row; throws what `decodeEvent` and `currentEvent` throw when its record cannot be read. */
export function jobOf(row: PendingRow, handler: AnyPerform, agent: string): Job {
  if (!row.record) throw new SignalboxError('internal', `job ${row.id} has no record`);
  const event = currentEvent(handler.contract, decodeEvent(row.record));
  const cause = eventCause(event.metadata.source_service, event.event_id);
  return {
    row,
    handler,
    event,
    idempotencyKey: outputId({ agent, handler: handler.name, cause }, 'act', '', 0),
  };
}

/** Runs one attempt: notes in the ledger that it begins, calls the handler under its deadline, judges the outcome. */
export async function attempt(
  job: Job,
  ports: RunnerPorts,
  now: Date,
  stopping: AbortSignal,
): Promise<ActResult> {
  const { row, handler, event, idempotencyKey } = job;
  const number = row.attempts + 1;
  const verdict = await ports.store.startAct({
    idempotencyKey,
    handler: handler.name,
    eventId: event.event_id,
    destination: row.destination ?? '',
    token: row.lease.token,
    attempt: number,
  });
  if (verdict === 'done') return { kind: 'done', outputs: [] };
  if (verdict === 'unknown' && unknownOutcomeOf(job) === 'ask') {
    const error = new SignalboxError(
      'outcome_unknown',
      `attempt ${row.attempts + 1} of '${handler.name}' was started and never ended`,
    );
    return giveUp(job, error);
  }
  const deadlineMs = Math.min(handler.deadlineMs ?? DEADLINE_MS, DEADLINE_MS);
  const signal = AbortSignal.any([AbortSignal.timeout(deadlineMs), stopping]);
  try {
    const outputs = await handler.perform(event, { number, idempotencyKey, signal, now });
    return { kind: 'done', outputs };
  } catch (error) {
    return judge(job, error);
  }
}

function unknownOutcomeOf({ handler, event }: Job): UnknownOutcome {
  const { unknownOutcome } = handler;
  return typeof unknownOutcome === 'function' ? unknownOutcome(event) : unknownOutcome;
}

function judge(job: Job, error: unknown): ActResult {
  const { delaysMs } = job.handler.retry ?? defaultRetryPolicy;
  const delayMs = delaysMs[job.row.attempts];
  const isRetryable = !(error instanceof SignalboxError) || error.retryable;
  if (!isRetryable || delayMs === undefined) return giveUp(job, error);
  const afterMs = error instanceof RetryAfterError ? Math.max(error.afterMs, delayMs) : delayMs;
  return { kind: 'again', afterMs, error };
}

function giveUp({ handler, event, row }: Job, error: unknown): ActResult {
  const failure: GiveUp = {
    errorCode: errorCodeOf(error),
    reason: messageOf(error),
    attempts: row.attempts + 1,
  };
  return { kind: 'given_up', error, outputs: handler.giveUp(event, failure) };
}
