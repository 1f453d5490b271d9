import { currentEvent, decodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { RetryAfterError, SignalboxError, errorCodeOf } from '@signalbox/errors';
import { messageOf } from '../chunk/dead-letters.js';
import { defaultRetryPolicy, type GiveUp, type UnknownOutcome } from '../handlers.js';
import { eventCause, outputId } from '../ids.js';
import type { EmitOutput, NoteOutput } from '../outputs.js';
import type { StepContext } from '../chunk/context.js';
import type { ActStart, ActVerdict, PendingRow } from '../ports/store.js';
import type { AnyPerform } from '../registry.js';
import { OverrunError, inTime } from './call-handler-in-time.js';
import type { Answer } from './destination.js';

const DEADLINE_MS = 15_000;
/** Longer than the longest deadline of an act, so that a lease outlives its own attempt. */
export const LEASE_MS = 30_000;
/** A row that was started this often without a result ends its process. */
export const STARTS_MAX = 3;
/** A job waits no longer than this, whatever Retry-After says. */
const RETRY_AFTER_MS_MAX = 86_400_000;

type Results = readonly (EmitOutput | NoteOutput)[];

/** How one attempt of an outside act ended. */
export type ActResult =
  | { readonly kind: 'done'; readonly outputs: Results; readonly answer: Answer }
  | {
      readonly kind: 'again';
      readonly afterMs: number;
      readonly error: unknown;
      /** False when the attempt says nothing about the request. */
      readonly counts: boolean;
      readonly answer: Answer;
    }
  | {
      readonly kind: 'given_up';
      readonly error: unknown;
      readonly outputs: Results;
      readonly answer: Answer;
    }
  /** Another process has the job: nothing was done. */
  | { readonly kind: 'lost'; readonly answer: Answer };

/** A connector's job: the request, its handler and the key that stays the same over every attempt. */
export interface Job {
  readonly row: PendingRow;
  readonly handler: AnyPerform;
  readonly event: EventEnvelope;
  readonly idempotencyKey: string;
}

const none: Answer = { kind: 'none' };

/** Reads a job row; throws what `decodeEvent` throws when its record cannot be read. */
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

/** What the ledger is told before an attempt begins. */
export const actStartOf = ({ row, handler, event, idempotencyKey }: Job): ActStart => ({
  pendingId: row.id,
  leaseMs: LEASE_MS,
  idempotencyKey,
  handler: handler.name,
  eventId: event.event_id,
  destination: row.destination ?? '',
  token: row.lease.token,
  attempt: row.attempts + 1,
});

/** Runs one attempt that the ledger knows of: calls the handler under its deadline, judges the outcome. */
export async function attempt(
  job: Job,
  verdict: ActVerdict,
  { clock }: StepContext,
  cut: AbortSignal,
): Promise<ActResult> {
  const { row, handler, event, idempotencyKey } = job;
  const number = row.attempts + 1;
  const now = new Date(clock.nowMs());
  if (verdict === 'lost') return { kind: 'lost', answer: none };
  if (verdict === 'done') return { kind: 'done', outputs: [], answer: none };
  const deadly = verdict === 'unknown' ? neverEnded(job) : undefined;
  if (deadly) return giveUp(job, deadly, none);
  const deadlineMs = Math.min(handler.deadlineMs ?? DEADLINE_MS, DEADLINE_MS);
  try {
    const outputs = await inTime(
      async (signal) => handler.perform(event, { number, idempotencyKey, signal, now }),
      deadlineMs,
      cut,
      clock,
    );
    return { kind: 'done', outputs, answer: { kind: 'answered' } };
  } catch (error) {
    return cut.aborted ? judgeCut(job, error) : judge(job, error);
  }
}

/** Why an act that was started and never ended is not begun again; undefined when it may be. */
function neverEnded(job: Job): SignalboxError | undefined {
  const { row, handler } = job;
  if (unknownOutcomeOf(job) === 'ask') return unknown(job, 'was started and never ended');
  if (row.starts <= STARTS_MAX) return undefined;
  return new SignalboxError(
    'process_died',
    `the process ended ${row.starts - 1} times while '${handler.name}' was at work`,
  );
}

const unknown = ({ row, handler }: Job, what: string): SignalboxError =>
  new SignalboxError('outcome_unknown', `attempt ${row.attempts + 1} of '${handler.name}' ${what}`);

/** A handler that cannot tell is taken for the one that must not repeat. */
function unknownOutcomeOf({ handler, event }: Job): UnknownOutcome {
  const { unknownOutcome } = handler;
  if (typeof unknownOutcome !== 'function') return unknownOutcome;
  try {
    return unknownOutcome(event);
  } catch {
    return 'ask';
  }
}

/** The process stops and broke the call off: unless the receiver has answered, the attempt is made again elsewhere. */
function judgeCut(job: Job, error: unknown): ActResult {
  const hasAnswered = error instanceof SignalboxError && !error.retryable;
  if (hasAnswered) return giveUp(job, error, none);
  if (unknownOutcomeOf(job) === 'ask')
    return giveUp(job, unknown(job, 'was broken off when its process stopped'), none);
  return { kind: 'again', afterMs: 0, error, counts: false, answer: none };
}

function judge(job: Job, error: unknown): ActResult {
  if (error instanceof OverrunError && unknownOutcomeOf(job) === 'ask')
    return giveUp(job, unknown(job, 'did not end in time'), { kind: 'trouble' });
  const isRetryable = !(error instanceof SignalboxError) || error.retryable;
  if (!isRetryable) return giveUp(job, error, answerOf(error));
  const { delaysMs } = job.handler.retry ?? defaultRetryPolicy;
  const delayMs = delaysMs[job.row.attempts];
  if (delayMs === undefined) return giveUp(job, error, answerOf(error));
  const toldMs = error instanceof RetryAfterError ? Math.min(error.afterMs, RETRY_AFTER_MS_MAX) : 0;
  return { kind: 'again', afterMs: Math.max(toldMs, delayMs), error, counts: true, answer: answerOf(error) };
}

/** A refusal for good is an answer; silence and errors that may pass are trouble of the receiver. */
function answerOf(error: unknown): Answer {
  if (error instanceof RetryAfterError) return { kind: 'later', afterMs: error.afterMs };
  const isRefusal = error instanceof SignalboxError && !error.retryable && error.code !== 'outcome_unknown';
  return isRefusal ? { kind: 'answered' } : { kind: 'trouble' };
}

function giveUp({ handler, event, row }: Job, error: unknown, answer: Answer): ActResult {
  const failure: GiveUp = {
    errorCode: errorCodeOf(error),
    reason: messageOf(error),
    attempts: row.attempts + 1,
  };
  let outputs: Results = [];
  try {
    outputs = handler.giveUp(event, failure);
  } catch {
    // The dead letter tells of the request all the same.
  }
  return { kind: 'given_up', error, outputs, answer };
}
