import { webhookReceived, type EventEnvelope } from '@signalbox/contracts';
import { outgoing } from '../publish/outgoing.js';
import type { Publisher } from '../publish/publisher.js';

/** Records of refused webhooks a second, on average; what comes above is only counted. */
export const refusalsPerSecondMax = 100;
const burstMax = 200;
const inFlightMax = 200;

/**
 * Writes `webhook.received` for refused webhooks as well as it can: nobody waits for it, a failure is only counted, and
 * a flood of refusals costs at most 100 records a second.
 */
export class RefusalRecorder {
  private tokens = burstMax;
  private refilledAtMs: number;
  private inFlight = 0;

  constructor(
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly onOutcome: (outcome: 'written' | 'failed' | 'skipped') => void,
    private readonly nowMs: () => number,
  ) {
    this.refilledAtMs = nowMs();
  }

  /** Builds the record only when it will be written. */
  record(build: () => EventEnvelope): void {
    if (!this.takeToken() || this.inFlight >= inFlightMax) return this.onOutcome('skipped');
    this.inFlight += 1;
    void this.write(build()).finally(() => {
      this.inFlight -= 1;
    });
  }

  private async write(envelope: EventEnvelope): Promise<void> {
    try {
      const publication = this.publisher.publish([outgoing(webhookReceived, envelope)]);
      await Promise.all([publication.acknowledged, publication.settled]);
      this.onOutcome('written');
    } catch {
      this.onOutcome('failed');
    }
  }

  private takeToken(): boolean {
    const nowMs = this.nowMs();
    const earned = ((nowMs - this.refilledAtMs) / 1_000) * refusalsPerSecondMax;
    this.tokens = Math.min(burstMax, this.tokens + Math.max(0, earned));
    this.refilledAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
