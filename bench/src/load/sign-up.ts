import { encodeEvent, userSignedUp, type EventEnvelope } from '@signalbox/contracts';
import type { OutgoingRecord } from '@signalbox/agent-kit';

export const userIdOf = (n: number): string => `usr-${String(n).padStart(9, '0')}`;

/** The sign-up number `n` as a foreign service would publish it: about 600 bytes with headers. */
export function signUpRecord(n: number, timestampMs: number): OutgoingRecord & { readonly key: Buffer } {
  const userId = userIdOf(n);
  const envelope: EventEnvelope = {
    event_id: `sign-up-${n}`,
    event_type: userSignedUp.type,
    timestamp: new Date(timestampMs).toISOString(),
    data: {
      user_id: userId,
      email: `user.${n}@example.com`,
      plan: 'premium_trial',
      signup_source: 'marketing_campaign_xyz',
      location: 'US-CA',
    },
    metadata: { source_service: 'authentication', correlation_id: `story-${n}` },
  };
  const { value, headers } = encodeEvent(envelope, { key: userId });
  return { key: Buffer.from(userId), value, headers };
}

/** Whether this user's event is one of those that fail once, one in `every`; 0: none is. */
export const isFailing = (userId: string, every: number): boolean =>
  every > 0 && Number(userId.slice('usr-'.length)) % every === 0;
