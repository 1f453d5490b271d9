import { catalogue, type AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { schemeNamed, type Scheme, type WebhookSecret } from '@signalbox/webhooks';
import type { WebhookSource } from './source.js';

/** A source with everything its record names looked up, once, at start. */
export interface ReadySource extends WebhookSource {
  readonly verifier: Scheme;
  readonly secrets: readonly WebhookSecret[];
  /** By event type. */
  readonly contracts: ReadonlyMap<string, AnyContract>;
}

/** Throws `config_invalid` when a record names a scheme or event type that does not exist. */
export function readySource(source: WebhookSource, secrets: readonly WebhookSecret[]): ReadySource {
  return Object.freeze({
    ...source,
    verifier: schemeNamed(source.scheme),
    secrets,
    contracts: new Map(contractsOf(source).map((contract) => [contract.type, contract])),
  });
}

function contractsOf(source: WebhookSource): AnyContract[] {
  if (source.eventTypes === 'public')
    return [...catalogue.values()].filter(({ kind }) => kind !== 'platform');
  return source.eventTypes.map((type) => {
    const contract = catalogue.get(type);
    if (contract && (source.form === 'envelope' || contract.flat)) return contract;
    const problem = contract ? 'has no flat form' : 'is not in the catalogue';
    throw new SignalboxError('config_invalid', `Source ${source.name}: event type ${type} ${problem}.`);
  });
}
