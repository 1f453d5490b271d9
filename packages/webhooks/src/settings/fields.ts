import { z } from 'zod';

/** The name of an HTTP header, turned to lower case; at most 128 characters. */
export const headerName = z
  .string()
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not the name of an HTTP header')
  .transform((name) => name.toLowerCase());

/** How the signature is written: strictly, a base64 text in another form than the usual one is refused. */
export const encoding = z.enum(['hex', 'base64', 'base64url']);

/** A name within a header such as `t=1,v1=ab`, a query or a form; at most 64 characters. */
export const fieldName = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'is not the name of a field');

/** How far the signed time may lie from now, before and after: 1 s to 7 days, 300 s unless told otherwise. */
export const toleranceSeconds = z.number().int().min(1).max(604_800).default(300);

/**
 * The signed time of sending. It stands in a header of its own (`header`), in a field of the signature's header
 * (`field`: the `t` of `t=1,v1=ab`) or in the signed JSON body (`pointer`, RFC 6901). Exactly one of the three. Only a time
 * the signature covers belongs here, and never the time at which the event itself happened: that one is as old as the
 * event.
 */
export const timestamp = z
  .strictObject({
    header: headerName.optional(),
    field: fieldName.optional(),
    pointer: z
      .string()
      .regex(/^(?:\/[A-Za-z0-9_.-]{1,64}){1,8}$/, 'is not a pointer into the body: /a/b')
      .optional(),
    /** `s` and `ms` since 1970 in decimal digits; `rfc3339` as in 2026-04-05T12:01:00Z. */
    unit: z.enum(['s', 'ms', 'rfc3339']).default('s'),
    toleranceSeconds,
  })
  .refine(
    (time) => [time.header, time.field, time.pointer].filter((place) => place !== undefined).length === 1,
    {
      message: 'needs one of header, field and pointer',
    },
  );

const placeholders = /\{(?:body|timestamp|url|decodedUrl|method|header:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128})\}/g;

/**
 * The signed text: literal characters and `{body}`, `{timestamp}`, `{url}`, `{decodedUrl}` (the address with HubSpot's
 * list of characters decoded), `{method}`, `{header:<name>}`. `{body}` occurs once. At most 256 characters.
 */
export const signedTemplate = z
  .string()
  .max(256)
  .refine((text) => !/[{}]/.test(text.replace(placeholders, '')), 'has a placeholder that does not exist')
  .refine((text) => text.split('{body}').length === 2, 'must hold {body} once')
  .default('{body}');
