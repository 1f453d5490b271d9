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
    secrets: resolveSecrets(source, places),
    verifyKeys: resolveReferences(source.verifyTokens, source.name, places),
  });
}
