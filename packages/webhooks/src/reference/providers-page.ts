import type { Locator, ProviderRecord } from '../provider.js';
import type { SchemeSettingsInput } from '../settings/scheme-settings.js';

const intro = `# Webhook providers

<!-- Written by \`npm run reference -w @signalbox/webhooks\` from packages/webhooks/src/providers. Do not edit. -->

The senders of webhooks that need no settings of their own beyond a secret. *Proven* says what the scheme was compared with: a
published vector, or the provider's own code. What is *not proven* follows the provider's documentation and was never seen
to agree with anything but itself: send yourself a test webhook before you rely on it.`;

const locatorText = (place: Locator | undefined): string => {
  if (!place) return '';
  if ('header' in place) return `header \`${place.header}\``;
  return 'form' in place ? `parameter \`${place.form}\`` : `body \`${place.pointer}\``;
};

const code = (text: string): string => `\`${text}\``;

function signedText(settings: SchemeSettingsInput): string {
  if (!('header' in settings) || settings.kind === 'token') return '';
  const { header, field, signed = '{body}', timestamp } = settings;
  const [name = '', ...others] = typeof header === 'string' ? [header] : header;
  const last = others.at(-1);
  const where = `${code(name)}${last === undefined ? '' : ` to ${code(last)}`}${field ? `, field ${code(field)}` : ''}`;
  const time = timestamp ? `, ${timestamp.toleranceSeconds ?? 300} s` : '';
  return `${code(signed)} in ${where}${time}`;
}

/** One line on how a provider signs: `HMAC-SHA256, hex: {timestamp}.{body} in stripe-signature, field v1, 300 s`. */
function schemeText(settings: SchemeSettingsInput): string {
  switch (settings.kind) {
    case 'hmac':
      return `HMAC-${(settings.algorithm ?? 'sha256').toUpperCase()}, ${settings.encoding ?? 'hex'}: ${signedText(settings)}`;
    case 'ed25519':
      return `Ed25519, ${settings.encoding ?? 'hex'}: ${signedText(settings)}`;
    case 'ecdsa':
      return `ECDSA, ${settings.encoding ?? 'base64'}: ${signedText(settings)}`;
    case 'standard-webhooks':
      return `Standard Webhooks, headers ${code(`${settings.headerPrefix ?? 'webhook'}-…`)}, ${settings.toleranceSeconds ?? 300} s`;
    case 'token':
      return `fixed token in ${code(settings.header ?? settings.query ?? '')}`;
    case 'basic':
      return 'HTTP basic authentication';
    case 'twilio':
      return 'HMAC-SHA1 over address and form';
    case 'mailgun':
      return `HMAC-SHA256 over time and token in the body, ${settings.toleranceSeconds ?? 43_200} s`;
  }
}

function section(record: ProviderRecord): string {
  const { proven, deliveryId, eventType, challenge, notes } = record;
  const evidence =
    proven.by === 'nothing'
      ? `**Not proven.** ${proven.reason}`
      : `Proven by ${proven.by}: ${proven.reference}.`;
  const facts = [
    `- Signature: ${schemeText(record.scheme)}`,
    `- Secret: ${record.secretForm}`,
    ...(deliveryId ? [`- Delivery id: ${locatorText(deliveryId)}`] : []),
    ...(eventType ? [`- Event type: ${locatorText(eventType)}`] : []),
    ...(challenge ? [`- Check of the address: answered (${challenge})`] : []),
    ...(notes ? [`- Note: ${notes}`] : []),
    `- ${evidence}`,
  ];
  return `## ${record.title}\n\n\`${record.name}\` · [documentation](${record.documentation})\n\n${facts.join('\n')}`;
}

/** The text of `docs/reference/providers.md`; a test holds the committed page against it. */
export function providersPage(records: readonly ProviderRecord[]): string {
  const rows = records.map(({ name, title, proven }) => {
    const evidence = proven.by === 'nothing' ? 'not proven' : proven.by;
    return `| ${code(name)} | ${title} | ${evidence} |`;
  });
  const table = ['| name | provider | proven by |', '| --- | --- | --- |', ...rows].join('\n');
  return `${intro}\n\n${table}\n\n${records.map(section).join('\n\n')}\n`;
}
