import { SignalboxError } from '@signalbox/errors';
import { eventCause, outputId } from '../ids.js';
import type { Registry } from '../registry.js';
import type { OperatorStore, StoredLetter } from './operator-store.js';
import { redriveLetter } from './redrive-letter.js';

/** What a person found out about an act of which nobody knew whether it was done. */
export interface FoundOutcome {
  readonly isDone: boolean;
  readonly by: string;
  readonly why: string;
}

/**
 * Settles an act whose outcome was unknown: done, then it is never done again and its dead letter is settled; or not done,
 * then its request goes back to the connector. Throws `letter_not_open`, `redrive_refused`, or `request_malformed` for a
 * dead letter that is of another kind.
 */
export async function settleUnknown(
  letter: StoredLetter,
  { isDone, by, why }: FoundOutcome,
  registry: Registry,
  store: Pick<OperatorStore, 'noteOutcome' | 'redrive'>,
): Promise<void> {
  const { id, handler, source, eventId, errorCode } = letter;
  if (errorCode !== 'outcome_unknown' || handler === null || source === null || eventId === null) {
    throw new SignalboxError('request_malformed', `Dead letter ${id} is no act with an unknown outcome.`, {
      action: 'List those with `signalbox effects unknown`.',
    });
  }
  const origin = { agent: registry.agent.name, handler, cause: eventCause(source, eventId) };
  const idempotencyKey = outputId(origin, 'act', '', 0);
  const outcome = { letterId: id, idempotencyKey, isDone, by, why };
  if (!(await store.noteOutcome(outcome)))
    throw new SignalboxError('letter_not_open', `Dead letter ${id} was settled already.`);
  if (!isDone) await redriveLetter(letter, by, registry, store);
}
