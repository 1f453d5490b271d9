import { schemeSettings } from '@signalbox/webhooks';
import { z } from 'zod';
import { mappingRules } from '../mapping/rules.js';
import { network } from './networks.js';
import { secretReference } from './secret-reference.js';

const MEBIBYTE = 1_048_576;

/** 1 to 63 characters: it is part of topics, metrics and addresses. */
export const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, { error: 'must be 1 to 63 of a-z, 0-9 and -, beginning with a letter' });

const path = z
  .string()
  .max(255)
  .regex(/^(?:\/[A-Za-z0-9._~-]+)+$/, { error: 'must begin with / and end without one: /webhooks/github' })
  .refine((text) => !/^\/(?:health|metrics|control)(?:\/|$)/.test(text), {
    message: 'is an address of the gateway itself',
  });

const locator = z.union([
  z.strictObject({
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,128}$/)
      .toLowerCase(),
  }),
  z.strictObject({ pointer: z.string().startsWith('/').max(255) }),
  z.strictObject({ form: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/) }),
]);

const limits = z.strictObject({
  /** Largest body in bytes. */
  bodyBytesMax: z.number().int().min(1).max(MEBIBYTE).default(MEBIBYTE),
  /** Levels of objects and arrays in the body. */
  depthMax: z.number().int().min(1).max(32).default(32),
  /** Webhooks a second on average, above which they are answered 429; left out: no limit. */
  ratePerSecond: z.number().min(0.01).max(100_000).optional(),
  /** Webhooks at once above the average; left out: ten seconds' worth. */
  burst: z.number().int().min(1).max(1_000_000).optional(),
});
export type SourceLimits = z.infer<typeof limits>;

const sample = z.strictObject({
  name: z.string().min(1).max(100),
  headers: z.record(z.string(), z.string().max(1_000)).default({}),
  body: z.string().max(MEBIBYTE),
});

/** The fields of `<name>.yaml` in the folder of sources. Unknown ones are refused: a slip must not switch a check off. */
export const sourceFields = z.strictObject({
  /** In records, metrics, topics and `metadata.source_service`. */
  name: sourceName,
  /** Where its webhooks are posted; left out: `/webhooks/<name>`. */
  path: path.optional(),
  /** For people: what sends these webhooks. */
  about: z.string().max(500).optional(),
  /** Name of a ready provider, which brings scheme, ids, challenge and samples. */
  provider: z.string().max(63).optional(),
  /** How webhooks are signed; `house` is HMAC-SHA256 in X-Webhook-Signature. Left out: the provider's, else `house`. */
  scheme: z.union([z.literal('house'), schemeSettings]).optional(),
  /** Left out: the variable WEBHOOK_SECRET_<NAME>, and for the house scheme WEBHOOK_SECRET. */
  secrets: z.array(secretReference).min(1).max(20).optional(),
  /** Texts entered at a provider that sends them back to be recognised by (Meta). */
  verifyTokens: z.array(secretReference).min(1).max(20).optional(),
  /** Networks its webhooks come from; left out: any. */
  networks: z.array(network).min(1).max(500).optional(),
  /**
   * `flat`: the payload is the data of one event of ours; `envelope`: the body is a whole event; `provider`: mapped, or put
   * on `webhook.<name>` as it came. Left out: `provider` with a provider or a mapping, else `flat`.
   */
  form: z.enum(['flat', 'envelope', 'provider']).optional(),
  /** Event types taken in the forms `flat` and `envelope`; `public` = every one of the catalogue. */
  eventTypes: z.union([z.literal('public'), z.array(z.string()).min(1).max(200)]).optional(),
  /** Rules, or the name of a ready mapping; left out: nothing is mapped. */
  mapping: z.union([z.string().min(1).max(63), mappingRules]).optional(),
  /** Where the provider's id of a webhook lies, and its name of the event. */
  deliveryId: locator.optional(),
  eventType: locator.optional(),
  limits: limits.default({ bodyBytesMax: MEBIBYTE, depthMax: 32 }),
  /** What cannot be read or mapped waits on `webhook.quarantined` instead of being answered 4xx. */
  quarantine: z.boolean().default(false),
  samples: z.array(sample).max(50).default([]),
});
export type SourceFields = z.infer<typeof sourceFields>;
