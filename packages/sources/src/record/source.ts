import { catalogue, type AnyContract } from '@signalbox/contracts';
import type {
  ChallengeKind,
  Locator,
  ProviderRecord,
  ProviderSample,
  SchemeSettingsInput,
} from '@signalbox/webhooks';
import type { CompiledRule } from '../mapping/compile-mapping.js';
import type { SecretReference } from './secret-reference.js';
import type { SourceLimits } from './source-record.js';

/** How a source's bodies are read. */
export type SourceForm = 'flat' | 'envelope' | 'provider';

/** A source as its record means it: defaults filled in, provider and mapping looked up. It holds no secret. */
export interface Source {
  readonly name: string;
  /** The address, exactly: no trailing slash, no parameters. */
  readonly path: string;
  readonly about?: string;
  readonly provider?: ProviderRecord;
  readonly scheme: 'house' | SchemeSettingsInput;
  /** Undefined: WEBHOOK_SECRET_<NAME>, and for the house scheme WEBHOOK_SECRET. */
  readonly references?: readonly SecretReference[];
  readonly verifyTokens: readonly SecretReference[];
  /** Undefined: webhooks may come from anywhere. */
  readonly networks?: readonly string[];
  readonly form: SourceForm;
  /** Event types taken in the forms `flat` and `envelope`, by name. */
  readonly contracts: ReadonlyMap<string, AnyContract>;
  /** For the form `provider`; empty: nothing is mapped. */
  readonly rules: readonly CompiledRule[];
  readonly deliveryId?: Locator;
  readonly eventType?: Locator;
  readonly challenge?: ChallengeKind;
  readonly limits: SourceLimits;
  /** Largest body in bytes. */
  readonly bodyBytesMax: number;
  readonly quarantine: boolean;
  readonly samples: readonly ProviderSample[];
}

/** The topic that takes a source's verified webhooks which no rule maps; undefined when it has none. */
export const unmappedTopic = ({ name, form }: Pick<Source, 'name' | 'form'>): string | undefined =>
  form === 'provider' ? `webhook.${name}` : undefined;

/** The variable with a source's own secrets. */
export const secretVariable = (name: string): string =>
  `WEBHOOK_SECRET_${name.toUpperCase().replaceAll('-', '_')}`;

/** The types of a record's `eventTypes`, and those of them that cannot be taken in this form, each with the reason. */
export function contractsOf(
  types: 'public' | readonly string[],
  form: SourceForm,
): { readonly contracts: ReadonlyMap<string, AnyContract>; readonly bad: ReadonlyMap<string, string> } {
  const contracts = new Map<string, AnyContract>();
  const bad = new Map<string, string>();
  const wanted = types === 'public' ? publicTypes() : types;
  for (const type of wanted) {
    const contract = catalogue.get(type);
    if (!contract) bad.set(type, 'is not in the catalogue');
    else if (contract.kind === 'platform') bad.set(type, 'is about Signalbox itself, no source may send it');
    else if (form === 'flat' && !contract.flat) bad.set(type, 'has no flat form');
    else contracts.set(type, contract);
  }
  return { contracts, bad };
}

const publicTypes = (): string[] =>
  [...catalogue.values()].filter(({ kind }) => kind !== 'platform').map(({ type }) => type);
