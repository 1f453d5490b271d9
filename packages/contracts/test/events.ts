import fc from 'fast-check';
import type { EventEnvelope } from '../src/envelope.js';
import { entityId } from '../src/fields.js';

/** An envelope for tests; `over` replaces top-level fields. */
export function sampleEnvelope(over: Partial<EventEnvelope> = {}): EventEnvelope {
  return {
    event_id: 'uuid-1234-abcd',
    event_type: 'user.signed_up',
    timestamp: '2026-03-31T10:30:00Z',
    data: { user_id: 'usr-5678' },
    metadata: { source_service: 'authentication_service', correlation_id: 'corr-9876' },
    ...over,
  };
}

export const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

const safeText = (options: { minLength?: number; maxLength?: number }): fc.Arbitrary<string> =>
  fc.string({ ...options, unit: 'binary' }).filter((text) => !text.includes('\u0000'));

const nameText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ minLength: 1, maxLength, unit: 'binary' }).filter((text) => entityId.safeParse(text).success);

/** Any JSON an event may carry: no NUL, no −0 (JSON has none), at most five levels. */
export const jsonData: fc.Arbitrary<unknown> = fc
  .json({ maxDepth: 5 })
  .map((text) => JSON.parse(text.replaceAll('\\u0000', '').replaceAll('-0', '0')) as unknown);

export const rfc3339Text: fc.Arbitrary<string> = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Every envelope our codec may write. */
export const anyEnvelope: fc.Arbitrary<EventEnvelope> = fc.record({
  event_id: nameText(255),
  event_type: nameText(249),
  timestamp: rfc3339Text,
  data: jsonData,
  metadata: fc.record(
    {
      source_service: nameText(255),
      correlation_id: nameText(255),
      causation_id: nameText(255),
      hops: fc.integer({ min: 0, max: 1_000 }),
      schema_version: fc.integer({ min: 1, max: 99 }),
      team_note: safeText({ maxLength: 50 }),
    },
    { requiredKeys: ['source_service', 'correlation_id'] },
  ),
});
