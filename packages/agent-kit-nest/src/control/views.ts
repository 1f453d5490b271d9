import type { BlockedKey, ControlState, LetterGroup, RedriveRun, StoredLetter } from '@signalbox/agent-kit';

// What the control API answers with: snake case, ids as text, bytes as text where they are UTF-8.

export const letterView = (letter: StoredLetter) => ({
  id: String(letter.id),
  status: letter.status,
  handler: letter.handler,
  key: letter.key,
  event_id: letter.eventId,
  event_type: letter.eventType,
  source: letter.source,
  correlation_id: letter.correlationId,
  error_code: letter.errorCode,
  error_message: letter.errorMessage,
  fingerprint: letter.fingerprint,
  attempts: letter.attempts,
  redrives: letter.redrives,
  first_failed_at: letter.firstFailedAt,
  last_failed_at: letter.lastFailedAt,
  code_version: letter.codeVersion,
  created_at: letter.createdAt,
  edits: letter.edits,
  edited: letter.edit ? { by: letter.edit.by, at: letter.edit.at } : null,
  settled: letter.settled,
});

/** With the record itself and what an edit made of it. */
export const wholeLetterView = (letter: StoredLetter) => ({
  ...letterView(letter),
  record: {
    topic: letter.record.topic,
    partition: letter.record.partition,
    offset: String(letter.record.offset),
    timestamp: new Date(letter.record.timestampMs),
    key: letter.record.key && bytesView(letter.record.key),
    value: letter.record.value && bytesView(letter.record.value),
    headers: Object.fromEntries(
      Object.entries(letter.record.headers).map(([header, value]) => [header, bytesView(value)]),
    ),
  },
  edited_value: letter.edit && bytesView(letter.edit.value),
});

/** UTF-8 as text, anything else as base64. */
function bytesView(bytes: Buffer): { readonly text: string } | { readonly base64: string } {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

export const groupView = (group: LetterGroup) => ({
  fingerprint: group.fingerprint,
  count: group.count,
  error_code: group.errorCode,
  error_message: group.errorMessage,
  handler: group.handler,
  event_type: group.eventType,
  first_at: group.firstAt,
  last_at: group.lastAt,
  newest_id: String(group.newestId),
});

export const runView = (run: RedriveRun) => ({
  id: String(run.id),
  status: run.status,
  total: run.total,
  redriven: run.redriven,
  refused: run.refused,
  last_refusal: run.lastRefusal,
  rate_per_s: run.ratePerS,
  letters_max: run.lettersMax,
  asked_by: run.askedBy,
  filter: run.filter,
  created_at: run.createdAt,
  ended_at: run.endedAt,
});

export const keyView = (key: BlockedKey) => ({
  kind: key.kind,
  value: key.value,
  since: key.since,
  waiting: key.waiting,
  next_attempt_at: key.nextAttemptAt,
  waits_for_person: key.nextAttemptAt === null,
  head: key.head && {
    handler: key.head.handler,
    event_id: key.head.eventId,
    attempts: key.head.attempts,
  },
  error_code: key.errorCode,
  error_message: key.errorMessage,
});

export const controlView = (agent: string, state: ControlState) => ({
  agent,
  paused: state.paused,
  effects_held: state.effectsHeld,
});
