import type { Attempt } from '@signalbox/agent-kit';
import { remediationRequested, type DataOf, type EventEnvelope } from '@signalbox/contracts';

export type Request = DataOf<typeof remediationRequested>;

/** The contract's example with changes. */
export const requestOf = (changes: Partial<Request> = {}): Request => ({
  ...remediationRequested.example,
  ...changes,
});

export const requestEvent = (changes: Partial<Request> = {}): EventEnvelope<Request> => ({
  event_id: 'c0ffee00-0000-5000-8000-000000000003',
  event_type: remediationRequested.type,
  timestamp: '2026-04-05T12:01:00Z',
  data: requestOf(changes),
  metadata: { source_service: 'ops', correlation_id: 'story-1' },
});

export const attemptOf = (signal = AbortSignal.timeout(15_000)): Attempt => ({
  number: 1,
  idempotencyKey: 'key-1',
  signal,
  now: new Date('2026-04-05T12:01:00Z'),
});
