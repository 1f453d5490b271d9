import type { IncomingHttpHeaders } from 'node:http';
import type { AnyContract, EventEnvelope } from '@signalbox/contracts';
import type { SignalboxError } from '@signalbox/errors';

/** What the intake of a verified request needs besides its source. */
export interface IntakeRequest {
  readonly rawBody: Buffer;
  readonly headers: IncomingHttpHeaders;
  /** The usable value of `X-Correlation-Id`, if any. */
  readonly correlationId: string | undefined;
  /** Milliseconds since 1970; the time of an event that has none of its own. */
  readonly receivedAtMs: number;
}

/** A checked event and its contract. */
export interface Mapped {
  readonly contract: AnyContract;
  readonly envelope: EventEnvelope;
}

/** What a verified webhook is to become. */
export type Intake =
  /** One event or several. */
  | { readonly kind: 'events'; readonly events: readonly [Mapped, ...Mapped[]] }
  /** No rule of the source's mapping fits: it goes to `webhook.<source>` as it came. */
  | { readonly kind: 'unmapped'; readonly eventId: string; readonly correlationId: string }
  /** It cannot be read or breaks its contract, and the source wants such webhooks kept. */
  | { readonly kind: 'quarantined'; readonly eventId: string; readonly error: SignalboxError };

/** What was read so far: kept by the caller so that a refusal's record can show the payload. */
export interface Reading {
  payload?: unknown;
}
