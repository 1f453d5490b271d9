import { FatalError } from '@signalbox/errors';
import type { OutboundHttp } from '@signalbox/outbound-http';
import type { SlackMessage } from './slack.format.js';

/** Posts to Slack's incoming webhooks. */
export class SlackChannel {
  constructor(private readonly http: OutboundHttp) {}

  /**
   * Resolves when Slack answered `ok`. Rejects as `OutboundHttp.request` does; a lost answer is `outcome_unknown`,
   * since Slack knows no idempotency key.
   */
  async send(url: string, message: SlackMessage, signal: AbortSignal): Promise<void> {
    const answer = await this.http.request({
      url,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(message),
      signal,
    });
    const text = answer.body.toString('utf8').trim();
    if (text === 'ok') return;
    throw new FatalError(
      `the Slack webhook answered ${answer.status} with '${text.slice(0, 100)}' instead of 'ok'`,
      {
        code: 'outbound_refused',
      },
    );
  }
}
