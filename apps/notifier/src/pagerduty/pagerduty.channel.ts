import type { OutboundHttp } from '@signalbox/outbound-http';
import type { PagerDutyEvent } from './pagerduty.format.js';

/** Sends events to PagerDuty's Events API v2. */
export class PagerDutyChannel {
  constructor(
    private readonly http: OutboundHttp,
    private readonly url: string,
  ) {}

  /** Resolves when PagerDuty took the event; a lost answer is tried again, since `dedup_key` joins repeats. */
  async send(event: PagerDutyEvent, signal: AbortSignal): Promise<void> {
    await this.http.request({
      url: this.url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
      idempotent: true,
      signal,
    });
  }
}
