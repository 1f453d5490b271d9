import type { Attempt } from '@signalbox/agent-kit';
import type { DataOf, EventEnvelope, notificationRequested } from '@signalbox/contracts';
import type { Channels, Route } from './channels.js';
import type { Mailbox } from './mailbox/mailbox.js';
import type { PagerDutyChannel } from './pagerduty/pagerduty.channel.js';
import { pagerDutyEventOf } from './pagerduty/pagerduty.format.js';
import type { SlackChannel } from './slack/slack.channel.js';
import { slackMessageOf } from './slack/slack.format.js';

type Event = EventEnvelope<DataOf<typeof notificationRequested>>;

/** What a PagerDuty event in the mailbox shows where the routing key would be. */
const noRoutingKey = 'PAGERDUTY_ROUTING_KEY is not set';

/** Sends requested notifications to Slack or PagerDuty where they have settings, else keeps them in the local mailbox. */
export class NotificationSender {
  constructor(
    private readonly channels: Channels,
    private readonly slack: SlackChannel,
    private readonly pagerDuty: PagerDutyChannel,
    private readonly mailbox: Mailbox,
  ) {}

  /** Resolves with the transport that took it; rejects as the channel does. */
  async send(event: Event, attempt: Attempt): Promise<Route['transport']> {
    const route = this.channels.routeOf(event.data);
    if (route.transport === 'slack')
      await this.slack.send(route.url, slackMessageOf(event.data), attempt.signal);
    if (route.transport === 'pagerduty') {
      await this.pagerDuty.send(pagerDutyEventOf(event, route.routingKey), attempt.signal);
    }
    if (route.transport === 'local-mailbox') await this.keep(event, attempt);
    return route.transport;
  }

  private keep(event: Event, attempt: Attempt): Promise<void> {
    const { channel, audience, title, body_text: body, link } = event.data;
    return this.mailbox.put({
      idempotencyKey: attempt.idempotencyKey,
      requestId: event.event_id,
      correlationId: event.metadata.correlation_id,
      channel,
      recipient: audience,
      subject: title,
      bodyText: [body, link].filter((part) => part !== undefined).join('\n'),
      content: channel === 'slack' ? slackMessageOf(event.data) : pagerDutyEventOf(event, noRoutingKey),
    });
  }
}
