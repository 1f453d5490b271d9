import { alertmanager } from './providers/alertmanager.js';
import { asana } from './providers/asana.js';
import { bitbucket } from './providers/bitbucket.js';
import { calendly } from './providers/calendly.js';
import { clerk } from './providers/clerk.js';
import { cloudevents } from './providers/cloudevents.js';
import { datadog } from './providers/datadog.js';
import { discord } from './providers/discord.js';
import { docusign } from './providers/docusign.js';
import { dropbox } from './providers/dropbox.js';
import { github } from './providers/github.js';
import { gitlab } from './providers/gitlab.js';
import { grafana } from './providers/grafana.js';
import { hubspot } from './providers/hubspot.js';
import { intercom } from './providers/intercom.js';
import { jira } from './providers/jira.js';
import { klaviyo } from './providers/klaviyo.js';
import { linear } from './providers/linear.js';
import { mailgun } from './providers/mailgun.js';
import { meta } from './providers/meta.js';
import { notion } from './providers/notion.js';
import { paddle } from './providers/paddle.js';
import { pagerduty } from './providers/pagerduty.js';
import { resend } from './providers/resend.js';
import { sendgrid } from './providers/sendgrid.js';
import { sentry } from './providers/sentry.js';
import { shopify } from './providers/shopify.js';
import { slack } from './providers/slack.js';
import { square } from './providers/square.js';
import { standardWebhooks } from './providers/standard-webhooks.js';
import { stripe } from './providers/stripe.js';
import { twilio } from './providers/twilio.js';
import { typeform } from './providers/typeform.js';
import { zendesk } from './providers/zendesk.js';
import { zoom } from './providers/zoom.js';
import type { ProviderRecord } from './provider.js';

const records: readonly ProviderRecord[] = [
  alertmanager,
  asana,
  bitbucket,
  calendly,
  clerk,
  cloudevents,
  datadog,
  discord,
  docusign,
  dropbox,
  github,
  gitlab,
  grafana,
  hubspot,
  intercom,
  jira,
  klaviyo,
  linear,
  mailgun,
  meta,
  notion,
  paddle,
  pagerduty,
  resend,
  sendgrid,
  sentry,
  shopify,
  slack,
  square,
  standardWebhooks,
  stripe,
  twilio,
  typeform,
  zendesk,
  zoom,
];

/** Every sender of webhooks that is known here, by name and in the order of names. */
export const providers: ReadonlyMap<string, ProviderRecord> = new Map(
  records.map((record) => [record.name, record]),
);
