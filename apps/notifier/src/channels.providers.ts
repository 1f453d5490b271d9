import { AGENT_ENVIRONMENT } from '@signalbox/agent-kit-nest';
import type { Environment } from '@signalbox/config';
import { createOutboundHttp, type OutboundHttp } from '@signalbox/outbound-http';
import type { Provider } from '@nestjs/common';
import { Channels } from './channels.js';
import { EmailSender } from './email/email.sender.js';
import { SmtpChannel } from './email/smtp.channel.js';
import { Mailbox } from './mailbox/mailbox.js';
import { NotificationSender } from './notification.sender.js';
import { loadNotifierSettings, type NotifierSettings } from './notifier.settings.js';
import { OutboundHttpLifecycle } from './outbound-http.lifecycle.js';
import { PagerDutyChannel } from './pagerduty/pagerduty.channel.js';
import { SlackChannel } from './slack/slack.channel.js';

const SETTINGS = Symbol('notifier settings');

/** The channels and what chooses between them, made from the settings. */
export const channelProviders: Provider[] = [
  {
    provide: SETTINGS,
    inject: [AGENT_ENVIRONMENT],
    useFactory: (environment: Environment | undefined) => loadNotifierSettings(environment),
  },
  {
    provide: OutboundHttpLifecycle,
    inject: [SETTINGS],
    useFactory: ({ allowPrivate, pagerDutyEventsUrl }: NotifierSettings) => {
      const http = createOutboundHttp({ allowPrivate });
      // A wrong address is told at the start, not by the first incident.
      http.check(pagerDutyEventsUrl);
      return new OutboundHttpLifecycle(http);
    },
  },
  {
    provide: Channels,
    inject: [SETTINGS],
    useFactory: (settings: NotifierSettings) => new Channels(settings),
  },
  {
    provide: EmailSender,
    inject: [SETTINGS, Mailbox],
    useFactory: ({ mailFrom, smtpUrl }: NotifierSettings, mailbox: Mailbox) =>
      new EmailSender(mailFrom, smtpUrl === undefined ? undefined : new SmtpChannel(smtpUrl), mailbox),
  },
  {
    provide: NotificationSender,
    inject: [SETTINGS, Channels, OutboundHttpLifecycle, Mailbox],
    useFactory: (
      settings: NotifierSettings,
      channels: Channels,
      { http }: OutboundHttpLifecycle,
      mailbox: Mailbox,
    ) => notificationSender(settings, channels, http, mailbox),
  },
];

function notificationSender(
  settings: NotifierSettings,
  channels: Channels,
  http: OutboundHttp,
  mailbox: Mailbox,
): NotificationSender {
  const pagerDuty = new PagerDutyChannel(http, settings.pagerDutyEventsUrl);
  return new NotificationSender(channels, new SlackChannel(http), pagerDuty, mailbox);
}
