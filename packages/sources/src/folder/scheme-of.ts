import { SignalboxError } from '@signalbox/errors';
import { xWebhookSignature, type Scheme } from '@signalbox/webhooks';
import type { Source } from '../record/source.js';

/** The scheme that verifies a source's webhooks. Throws `config_invalid` for settings it cannot be made of. */
export function schemeOf({ scheme }: Pick<Source, 'scheme'>): Scheme {
  if (scheme === 'house') return xWebhookSignature;
  throw new SignalboxError('config_invalid', `scheme: ${scheme.kind} is not built in.`);
}
