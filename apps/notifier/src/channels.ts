import type { UnknownOutcome } from '@signalbox/agent-kit';
import type { DataOf, notificationRequested } from '@signalbox/contracts';
import { audienceVariable, type NotifierSettings } from './notifier.settings.js';

type Request = DataOf<typeof notificationRequested>;

/** Where a notification goes. */
export type Route =
  | { readonly transport: 'slack'; readonly url: string }
  | { readonly transport: 'pagerduty'; readonly routingKey: string }
  | { readonly transport: 'local-mailbox' };

/** Which channels have settings, and so where each message goes. */
export class Channels {
  constructor(private readonly settings: NotifierSettings) {}

  get email(): 'smtp' | 'local-mailbox' {
    return this.settings.smtpUrl === undefined ? 'local-mailbox' : 'smtp';
  }

  /** An audience's own Slack webhook goes before the common one; without settings the local mailbox takes it. */
  routeOf({ channel, audience }: Pick<Request, 'channel' | 'audience'>): Route {
    const { slackUrlByAudience, slackUrl, pagerDutyRoutingKey } = this.settings;
    if (channel === 'pagerduty') {
      return pagerDutyRoutingKey === undefined
        ? { transport: 'local-mailbox' }
        : { transport: 'pagerduty', routingKey: pagerDutyRoutingKey };
    }
    const url = slackUrlByAudience.get(audienceVariable(audience)) ?? slackUrl;
    return url === undefined ? { transport: 'local-mailbox' } : { transport: 'slack', url };
  }

  /**
   * What to do with a call that was started and never ended. PagerDuty joins repeats by `dedup_key` and the mailbox
   * by the idempotency key; Slack and SMTP know no such key, so a person must look.
   */
  afterUnknownOutcome(to: 'email' | Pick<Request, 'channel' | 'audience'>): UnknownOutcome {
    const transport = to === 'email' ? this.email : this.routeOf(to).transport;
    return transport === 'smtp' || transport === 'slack' ? 'ask' : 'repeat';
  }

  /** The channels whose messages can end in the local mailbox. */
  get local(): readonly ('email' | 'slack' | 'pagerduty')[] {
    return [
      ...(this.email === 'smtp' ? [] : (['email'] as const)),
      ...(this.settings.slackUrl === undefined ? (['slack'] as const) : []),
      ...(this.settings.pagerDutyRoutingKey === undefined ? (['pagerduty'] as const) : []),
    ];
  }
}
