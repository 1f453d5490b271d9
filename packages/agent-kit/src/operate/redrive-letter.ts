import { SignalboxError } from '@signalbox/errors';
import type { Registry } from '../registry.js';
import type { OperatorStore, StoredLetter } from './operator-store.js';
import { planRedrive } from './plan-redrive.js';

/** Ids `<id>~e1` to `<id>~e50` are tried for a changed event. */
const RENAMES_MAX = 50;

/**
 * Sends one dead letter back to the handler that failed, once however often it is asked at one time. Throws
 * `letter_not_open` and `redrive_refused`.
 */
export async function redriveLetter(
  letter: StoredLetter,
  by: string,
  registry: Registry,
  store: Pick<OperatorStore, 'redrive'>,
): Promise<void> {
  if (letter.status !== 'open')
    throw new SignalboxError('letter_not_open', `Dead letter ${letter.id} is ${letter.status}.`);
  const isRenamed = letter.edit !== null || letter.errorCode === 'id_conflict';
  const first = Math.max(1, letter.edits);
  for (let n = first; n < first + RENAMES_MAX; n += 1) {
    const { rows, inbox } = planRedrive(letter, registry, n);
    const request = { letterId: letter.id, edits: letter.edits, by, rows, inbox };
    const verdict = await store.redrive(request);
    if (verdict === 'redriven') return;
    if (verdict === 'id_taken' && isRenamed) continue;
    throw refusalOf(letter.id, verdict);
  }
  throw refusalOf(letter.id, 'id_taken');
}

function refusalOf(id: bigint, verdict: 'not_open' | 'id_taken' | 'at_work'): SignalboxError {
  if (verdict === 'not_open')
    return new SignalboxError('letter_not_open', `Dead letter ${id} was settled or edited meanwhile.`);
  const why = {
    id_taken: 'its event id was handled meanwhile',
    at_work: 'the same work, or a timer of that name, is pending already',
  };
  return new SignalboxError('redrive_refused', `Dead letter ${id} is not redriven: ${why[verdict]}.`, {
    action: 'Look at the story of the event; discard the letter if nothing is left to do.',
  });
}
