import { z } from 'zod';

const time = z.iso.datetime({
  offset: true,
  error: 'must be a date-time with offset, such as 2026-11-22T00:00:00Z',
});

const common = {
  /** Names the secret in logs and records; left out: the source's name, `-2` and so on for the next. */
  keyId: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: 'must be 1 to 64 of A-Z a-z 0-9 . _ -' })
    .optional(),
  /** First moment at which the secret counts; left out: always. */
  from: time.optional(),
  /** First moment at which it no longer counts; left out: for ever. */
  until: time.optional(),
};

const inEnvironment = z.strictObject({
  /** A variable; a comma list are several secrets. */
  env: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,127}$/, { error: 'must be the name of a variable: A-Z, 0-9 and _' }),
  ...common,
});

const inFile = z.strictObject({
  /** A file; relative ones lie in SOURCE_SECRETS_DIR. Read again when it changes. */
  file: z.string().min(1).max(1_024),
  ...common,
});

/** Where a secret is. A record never holds one: it is committed, mounted and shown. */
export const secretReference = z
  .union([inEnvironment, inFile], {
    error: (issue) =>
      typeof issue.input === 'string' || isLiteral(issue.input)
        ? 'must not hold a secret: put it into a file or a variable and write {file: <path>} or {env: <NAME>}'
        : 'must be {env: <NAME>} or {file: <path>}, with keyId, from and until if you like',
  })
  .refine(
    ({ from, until }) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until),
    {
      message: 'from must be before until',
    },
  );
export type SecretReference = z.infer<typeof secretReference>;

function isLiteral(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  return ['value', 'secret', 'key', 'token', 'password'].some((name) => Object.hasOwn(input, name));
}
