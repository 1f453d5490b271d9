export type { Refusal, Scheme, SignInput, Verdict, WebhookHeaders, WebhookRequest } from './scheme.js';
export { schemeNamed, schemes, sign } from './schemes.js';
export { signatureHeader, xWebhookSignature } from './schemes/x-webhook-signature.js';
export { activeSecrets, type WebhookSecret } from './secrets.js';
export { singleHeader, type HeaderValue } from './single-header.js';
