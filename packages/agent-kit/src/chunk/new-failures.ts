import { alertRaised, encodeEvent, keyOf, type Severity } from '@signalbox/contracts';
import { errorCodes, type ErrorCode } from '@signalbox/errors';
import { outputId } from '../ids.js';
import type { DeadLetter, FenceResult, StoreTransaction } from '../ports/store.js';
import type { StepContext } from './context.js';
import type { OutgoingEvent } from './effects.js';

/** An alert for each kind of failure of which no dead letter is open; the letters themselves are not written yet. */
export async function alertsOfNewFailures(
  tx: StoreTransaction,
  letters: readonly DeadLetter[],
  { agent, instance }: Pick<StepContext, 'agent' | 'instance'>,
  { chunk, now }: FenceResult,
): Promise<OutgoingEvent[]> {
  if (letters.length === 0) return [];
  const fresh = new Set(await tx.newFingerprints(letters.map(({ fingerprint }) => fingerprint)));
  const firsts = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    if (fresh.has(letter.fingerprint))
      firsts.set(letter.fingerprint, [...(firsts.get(letter.fingerprint) ?? []), letter]);
  }
  return [...firsts].map(([fingerprint, [first, ...more]]) => {
    const cause = JSON.stringify(['alert', instance, String(chunk), fingerprint]);
    return alertOf(first as DeadLetter, more.length + 1, agent.name, cause, now);
  });
}

function alertOf(letter: DeadLetter, count: number, agent: string, cause: string, now: Date): OutgoingEvent {
  const { record, handler, eventType, eventId, errorCode, correlationId } = letter;
  const data = {
    agent,
    fingerprint: letter.fingerprint,
    error_code: errorCode,
    message: letter.errorMessage,
    severity: severityOf(errorCode),
    ...(handler === null ? {} : { handler }),
    ...(eventType === null ? {} : { event_type: eventType }),
    first_event_id: eventId ?? `${record.topic}/${record.partition}/${record.offset}`,
    count,
    raised_at: now.toISOString(),
  };
  const key = keyOf(alertRaised, data);
  const id = outputId({ agent, handler: handler ?? '', cause }, alertRaised.type, key, 0);
  const { value, headers } = encodeEvent(
    {
      event_id: id,
      event_type: alertRaised.type,
      timestamp: now.toISOString(),
      data,
      metadata: {
        source_service: agent,
        correlation_id: correlationId ?? id,
        ...(eventId === null ? {} : { causation_id: eventId }),
        schema_version: alertRaised.version,
      },
    },
    { key },
  );
  return { topic: alertRaised.topic, record: { key: Buffer.from(key), value, headers } };
}

/** A process that dies is worse than an event nobody can read. */
function severityOf(errorCode: string): Severity {
  if (errorCode === 'process_died') return 'critical';
  return errorCodes[errorCode as ErrorCode]?.retry === 'later' ? 'high' : 'medium';
}
