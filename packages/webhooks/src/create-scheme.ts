import { SignalboxError } from '@signalbox/errors';
import type { Scheme } from './scheme.js';
import { ecdsaScheme, ed25519Scheme } from './schemes/asymmetric.js';
import { basicScheme } from './schemes/basic.js';
import { hmacScheme } from './schemes/hmac.js';
import { mailgunScheme } from './schemes/mailgun.js';
import { standardWebhooksScheme } from './schemes/standard-webhooks.js';
import { tokenScheme } from './schemes/token.js';
import { twilioScheme } from './schemes/twilio.js';
import { schemeSettings, type SchemeSettings, type SchemeSettingsInput } from './settings/scheme-settings.js';

/**
 * The scheme these settings describe. Make it once for a source and keep it: it holds the keys it has read.
 * Throws `config_invalid` with a pointer for each setting that is wrong.
 */
export function createScheme(settings: SchemeSettingsInput): Scheme {
  const { success, data, error } = schemeSettings.safeParse(settings);
  if (success) return schemeOf(data);
  const pointers = error.issues.slice(0, 50).map(({ path, message }) => ({
    pointer: path.map((step) => `/${String(step)}`).join(''),
    message,
  }));
  const lines = pointers.map(({ pointer, message }) => `  ${pointer || '/'}: ${message}`).join('\n');
  throw new SignalboxError('config_invalid', `The settings of the signature scheme are wrong:\n${lines}`, {
    pointers,
  });
}

function schemeOf(settings: SchemeSettings): Scheme {
  switch (settings.kind) {
    case 'hmac':
      return hmacScheme(settings);
    case 'ed25519':
      return ed25519Scheme(settings);
    case 'ecdsa':
      return ecdsaScheme(settings);
    case 'standard-webhooks':
      return standardWebhooksScheme(settings);
    case 'basic':
      return basicScheme();
    case 'token':
      return tokenScheme(settings);
    case 'twilio':
      return twilioScheme();
    case 'mailgun':
      return mailgunScheme(settings);
  }
}
