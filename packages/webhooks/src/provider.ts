import type { ChallengeKind } from './challenge.js';
import type { SchemeSettingsInput } from './settings/scheme-settings.js';

/** Where a text lies in a webhook: a header, an RFC 6901 pointer into the JSON body, or a parameter of a form body. */
export type Locator = { readonly header: string } | { readonly pointer: string } | { readonly form: string };

/** Evidence that the scheme is the provider's and not only our reading of it. */
export type Proof =
  | {
      /** `documentation`: a published vector; `official library`: made or accepted by the provider's own package in a test. */
      readonly by: 'documentation' | 'official library';
      /** Where the vector is published, or name and version of the package. */
      readonly reference: string;
    }
  | { readonly by: 'nothing'; readonly reason: string };

/** One webhook as the provider's documentation shows it, without its signature: `Scheme.sign` adds that. */
export interface ProviderSample {
  /** The provider's name for the event. */
  readonly name: string;
  /** Headers the provider sends besides the signature; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact body. */
  readonly body: string;
}

/** What is known of one sender of webhooks. Data only: a source's record starts from it. */
export interface ProviderRecord {
  /** In lower case with hyphens; the name of its file and of a source made from it. */
  readonly name: string;
  /** As the provider writes itself. */
  readonly title: string;
  /** Where the provider documents its signatures. */
  readonly documentation: string;
  readonly scheme: SchemeSettingsInput;
  /** One sentence: where to find the secret and what it looks like. */
  readonly secretForm: string;
  /** How to read the body; `form` is application/x-www-form-urlencoded. */
  readonly body: 'json' | 'form';
  /** The same for every attempt of one webhook; absent when the provider has none: the hash of the body serves then. */
  readonly deliveryId?: Locator;
  readonly eventType?: Locator;
  /** How the provider checks the address before it sends webhooks. */
  readonly challenge?: ChallengeKind;
  /** What whoever sets this up should know: what the signature does not cover, which setting to tick. */
  readonly notes?: string;
  readonly samples: readonly ProviderSample[];
  readonly proven: Proof;
}
