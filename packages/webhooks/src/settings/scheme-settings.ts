import { z } from 'zod';
import { encoding, fieldName, headerName, signedTemplate, timestamp, toleranceSeconds } from './fields.js';

const signature = {
  /**
   * The header with the signature; a list when several headers may hold one each (DocuSign). It must occur once in a
   * request; several signatures in it are read where `field` says so.
   */
  header: z.union([headerName, z.array(headerName).min(1).max(10)]),
  /** What stands before the signature: `sha256=`. */
  prefix: z.string().min(1).max(32).optional(),
  /** A request may leave the prefix out. */
  prefixOptional: z.boolean().optional(),
  /** Name of the signature's field when the header is a list such as `t=1,v1=ab,v1=cd`; any of them may match. */
  field: fieldName.optional(),
  /** What stands between those fields. */
  separator: z.enum([',', ';']).default(','),
  signed: signedTemplate,
  timestamp: timestamp.optional(),
};

/** HMAC over a template of the request. */
const hmac = z.strictObject({
  kind: z.literal('hmac'),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
  encoding: encoding.default('hex'),
  /** How the secret is written: its UTF-8 bytes are the key, or it is the key in base64 or hexadecimal. */
  key: z.enum(['text', 'base64', 'hex']).default('text'),
  ...signature,
});

/** Ed25519; the source's secret is the public key (PEM, DER in base64, or its 32 bytes in hexadecimal or base64). */
const ed25519 = z.strictObject({
  kind: z.literal('ed25519'),
  encoding: encoding.default('hex'),
  ...signature,
});

/** ECDSA with the curve of the key; the source's secret is the public key (PEM or DER in base64). */
const ecdsa = z.strictObject({
  kind: z.literal('ecdsa'),
  algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: encoding.default('base64'),
  /** `der`: ASN.1; `p1363`: the two numbers side by side. */
  form: z.enum(['der', 'p1363']).default('der'),
  ...signature,
});

/**
 * Standard Webhooks 1.0: `whsec_…` secrets check `v1` signatures (HMAC-SHA256), `whpk_…` secrets check `v1a`
 * (Ed25519). Also under the header names of before the standard: `headerPrefix: svix`.
 */
const standardWebhooks = z.strictObject({
  kind: z.literal('standard-webhooks'),
  /** The headers are `<headerPrefix>-id`, `-timestamp` and `-signature`. */
  headerPrefix: headerName.default('webhook'),
  toleranceSeconds,
});

/** HTTP basic authentication; the secret is `user:password`. Proves the sender, not the body. */
const basic = z.strictObject({ kind: z.literal('basic') });

/** A fixed text in a header or in a parameter of the address. Proves the sender, not the body. */
const token = z
  .strictObject({
    kind: z.literal('token'),
    header: headerName.optional(),
    /** What stands before the token in the header: `Bearer `. */
    prefix: z.string().min(1).max(32).optional(),
    query: fieldName.optional(),
  })
  .refine(({ header, query }) => header !== undefined || query !== undefined, {
    message: 'needs header, query or both',
  });

/** Twilio: HMAC-SHA1 over the address and the sorted form parameters; JSON bodies by their hash in the query. */
const twilio = z.strictObject({ kind: z.literal('twilio') });

/** Mailgun: the body itself holds time, token and an HMAC over these two. Proves the sender, not the rest of the body. */
const mailgun = z.strictObject({
  kind: z.literal('mailgun'),
  // Mailgun tries for eight hours with the signature it made first.
  toleranceSeconds: toleranceSeconds.default(43_200),
});

/** What must hold between the settings of a signature and its time. */
function checkTime({ value, issues }: z.core.ParsePayload<SchemeFields>): void {
  if (!('signed' in value)) return;
  const { signed, timestamp, field } = value;
  const problem = (path: string[], message: string): void => {
    issues.push({ code: 'custom', path, message, input: value });
  };
  const inTemplate = signed.includes('{timestamp}');
  if (inTemplate && !timestamp) problem(['timestamp'], 'is needed: {timestamp} is signed');
  if (timestamp?.field !== undefined && field === undefined)
    problem(['timestamp', 'field'], 'stands in a list: field of the signature is needed as well');
  else if (timestamp && (timestamp.pointer === undefined) !== inTemplate)
    problem(
      ['signed'],
      inTemplate
        ? 'must not hold {timestamp}: the body holds the time'
        : 'must hold {timestamp}: a time that is not signed proves nothing',
    );
}

const schemeFields = z.discriminatedUnion('kind', [
  hmac,
  ed25519,
  ecdsa,
  standardWebhooks,
  basic,
  token,
  twilio,
  mailgun,
]);
type SchemeFields = z.output<typeof schemeFields>;

/**
 * What stands under `scheme:` in a source's record: plain data. Unknown names are refused, so that a slip of the pen
 * does not switch a check off.
 */
export const schemeSettings = schemeFields.check(checkTime);

/** Settings with every default filled in. */
export type SchemeSettings = z.output<typeof schemeSettings>;

/** Settings as a record writes them: what has a default may be left out. */
export type SchemeSettingsInput = z.input<typeof schemeSettings>;
