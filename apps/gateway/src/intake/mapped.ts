import type { AnyContract, EventEnvelope } from '@signalbox/contracts';

/** What the mapping of a verified request needs besides its parsed body. */
export interface IntakeRequest {
  readonly rawBody: Uint8Array;
  /** The usable value of `X-Correlation-Id`, if any. */
  readonly correlationId: string | undefined;
}

/** A checked event and its contract. */
export interface Mapped {
  readonly contract: AnyContract;
  readonly envelope: EventEnvelope;
}
