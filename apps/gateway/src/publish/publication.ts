import { SignalboxError } from '@signalbox/errors';

/** A webhook's records on their way to Kafka. */
export interface Publication {
  /** Resolves once every record is acknowledged; rejects with `broker_unavailable` at the deadline at the latest. */
  readonly acknowledged: Promise<void>;
  /** Resolves when nothing of it is in memory any more, however it ended: not before `acknowledged` is settled. */
  readonly settled: Promise<void>;
  /** True once every record is acknowledged, be it after the deadline. */
  readonly written: boolean;
}

/** Counts down the records of one publication. */
export class Tracker implements Publication {
  readonly acknowledged: Promise<void>;
  readonly settled: Promise<void>;
  private resolve: () => void = () => undefined;
  private reject: (error: SignalboxError) => void = () => undefined;
  private forget: () => void = () => undefined;
  private failure: unknown;
  private hasEnded = false;

  constructor(private open: number) {
    this.acknowledged = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.settled = new Promise((resolve) => {
      this.forget = resolve;
    });
    if (open === 0) this.end();
  }

  get written(): boolean {
    return this.hasEnded && this.failure === undefined;
  }

  /** One record is acknowledged, or has failed. */
  done(failure?: unknown): void {
    this.failure ??= failure;
    this.open -= 1;
    if (this.open === 0) this.end();
  }

  /** The deadline has passed: nobody waits any longer, but the records may still be on their way. */
  expire(deadlineMs: number): void {
    const message = `Kafka did not acknowledge within ${deadlineMs} ms.`;
    this.reject(new SignalboxError('broker_unavailable', message));
  }

  private end(): void {
    this.hasEnded = true;
    if (this.failure === undefined) this.resolve();
    else this.reject(asUnavailable(this.failure));
    this.forget();
  }
}

/** Whatever keeps Kafka from taking a checked record is not the sender's fault. */
function asUnavailable(error: unknown): SignalboxError {
  const why = error instanceof SignalboxError ? error.message : 'Kafka did not take the record.';
  return new SignalboxError('broker_unavailable', why, { cause: error });
}
