export { answerChallenge } from './answer-challenge.js';
export { challengeKinds, type Answer, type ChallengeKind, type ChallengeRequest } from './challenge.js';
export { providers } from './providers.js';
export type { Locator, Proof, ProviderRecord, ProviderSample } from './provider.js';
export type {
  Refusal,
  Scheme,
  SignedRequest,
  SignInput,
  Verdict,
  WebhookHeaders,
  WebhookRequest,
} from './scheme.js';
export { createScheme } from './create-scheme.js';
export { sign } from './sign.js';
export { signatureHeader, xWebhookSignature } from './schemes/x-webhook-signature.js';
export { activeSecrets, type WebhookSecret } from './secrets.js';
export { schemeSettings, type SchemeSettings, type SchemeSettingsInput } from './settings/scheme-settings.js';
export { singleHeader, type HeaderValue } from './single-header.js';
