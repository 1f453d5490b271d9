import type { ReadyMapping } from '@signalbox/sources';
import type { ProviderRecord } from '@signalbox/webhooks';

/** What a new record is to say. */
export interface RecordPlan {
  readonly name: string;
  /** Undefined: a system that signs with the house scheme. */
  readonly provider?: ProviderRecord;
  readonly mapping?: ReadyMapping;
  /** File of the secret, in the folder of secrets. */
  readonly secretFile: string;
  readonly keyId: string;
  /** For systems of one's own: the event types whose data they post. */
  readonly eventTypes?: readonly string[];
  readonly networks?: readonly string[];
  readonly quarantine: boolean;
}

/** The text of `<name>.yaml`. */
export function renderRecord(plan: RecordPlan): string {
  const { name, provider, mapping, eventTypes, networks } = plan;
  const lines = [
    provider
      ? `# ${provider.title}. How it signs: ${provider.documentation}`
      : `# Signed as Signalbox does: HMAC-SHA256 in X-Webhook-Signature.`,
    `name: ${name}`,
    ...(provider ? [`provider: ${provider.name}`] : []),
    'secrets:',
    '  # A file in SOURCE_SECRETS_DIR (locally .signalbox/secrets), never the secret itself.',
    `  - { file: ${plan.secretFile}, keyId: ${plan.keyId} }`,
    ...(networks ? ['networks:', ...networks.map((network) => `  - '${network}'`)] : []),
    ...(eventTypes ? ['form: flat', `eventTypes: [${eventTypes.join(', ')}]`] : []),
    ...(mapping ? [`# ${wrapped(mapping.summary)}`, `mapping: ${mapping.name}`] : []),
    ...(plan.quarantine ? ['quarantine: true'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const wrapped = (text: string): string => text.replace(/(.{60,110}) /g, '$1\n# ');
