import type { Scheme, WebhookSecret } from '@signalbox/webhooks';
import type { Source } from '../record/source.js';
import { resolveReferences, resolveSecrets, type SecretPlaces } from '../secrets/resolve-secrets.js';
import { schemeOf } from './scheme-of.js';

/** A source with its secrets and its scheme: all that taking its webhooks needs. */
export interface ReadySource extends Source {
  readonly verifier: Scheme;
  /** All of them; those active at a moment are the scheme's to choose. */
  readonly secrets: readonly WebhookSecret[];
  readonly verifyKeys: readonly WebhookSecret[];
}

/** Throws `config_invalid` that names the variable or file of a secret that is missing. */
export function readySource(source: Source, places: SecretPlaces): ReadySource {
  return Object.freeze({
    ...source,
    verifier: schemeOf(source),
    secrets: secretsOf(source, places),
    verifyKeys: resolveReferences(source.verifyTokens, source.name, places),
  });
}

/** Providers that hand over the secret themselves, with their first request. */
const handingOver: ReadonlySet<string | undefined> = new Set(['asana', 'notion']);

/** Such a provider's source must answer before it has a secret; until then it takes no webhook. */
function secretsOf(source: Source, places: SecretPlaces): readonly WebhookSecret[] {
  try {
    return resolveSecrets(source, places);
  } catch (error) {
    if (handingOver.has(source.challenge)) return [];
    throw error;
  }
}
