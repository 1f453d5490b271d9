import { createScheme, xWebhookSignature, type Scheme } from '@signalbox/webhooks';
import type { Source } from '../record/source.js';

/** The scheme that verifies a source's webhooks. Throws `config_invalid` for settings it cannot be made of. */
export const schemeOf = ({ scheme }: Pick<Source, 'scheme'>): Scheme =>
  scheme === 'house' ? xWebhookSignature : createScheme(scheme);
