import { commaList, variablesWithPrefix, loadSettings, type Environment } from '@signalbox/config';
import { z } from 'zod';

const slackFamily = 'SLACK_WEBHOOK_URL_';
const webUrl = z.url({ protocol: /^https?$/, message: 'must be an http or https URL' });

const fixed = z.object({
  /** `smtp://user:password@host:587` or `smtps://…`; left out: mails go to the local mailbox. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, message: 'must be an smtp or smtps URL' }).optional(),
  /** Sender of every mail: `address` or `Name <address>`. */
  MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>\r\n]* )?<?[^\s<>@]+@[^\s<>@]+>?$/, { message: 'must be an address or Name <address>' })
    .default('Signalbox <signalbox@signalbox.local>'),
  /** Incoming webhook for audiences without a webhook of their own; left out: the local mailbox. */
  SLACK_WEBHOOK_URL: webUrl.optional(),
  /** Integration key of an Events API v2 service; left out: the local mailbox. */
  PAGERDUTY_ROUTING_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, { message: 'must be 32 letters or digits' })
    .optional(),
  PAGERDUTY_EVENTS_URL: webUrl.default('https://events.pagerduty.com/v2/enqueue'),
  /** Private receivers that may be called: `host:port` or subnets, separated by commas. */
  OUTBOUND_ALLOW_PRIVATE: commaList.default([]),
});

export interface NotifierSettings {
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly slackUrl: string | undefined;
  /** Webhook URLs by audience, as the variables spell it: `ON_CALL`. */
  readonly slackUrlByAudience: ReadonlyMap<string, string>;
  readonly pagerDutyRoutingKey: string | undefined;
  readonly pagerDutyEventsUrl: string;
  readonly allowPrivate: readonly string[];
}

/** Reads the notifier's settings; throws `config_invalid` that names every bad variable. */
export function loadNotifierSettings(env?: Environment): NotifierSettings {
  const names = variablesWithPrefix(slackFamily, env);
  const family = z.object(Object.fromEntries(names.map((name) => [name, webUrl])));
  const settings = loadSettings(fixed, env);
  const urls = Object.entries(loadSettings(family, env)) as [string, string][];
  return Object.freeze({
    smtpUrl: settings.SMTP_URL,
    mailFrom: settings.MAIL_FROM,
    slackUrl: settings.SLACK_WEBHOOK_URL,
    slackUrlByAudience: new Map(urls.map(([name, url]) => [name.slice(slackFamily.length), url])),
    pagerDutyRoutingKey: settings.PAGERDUTY_ROUTING_KEY,
    pagerDutyEventsUrl: settings.PAGERDUTY_EVENTS_URL,
    allowPrivate: settings.OUTBOUND_ALLOW_PRIVATE,
  });
}

/** An audience as a variable name spells it: `on-call` is `ON_CALL`. */
export const audienceVariable = (audience: string): string =>
  audience.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
