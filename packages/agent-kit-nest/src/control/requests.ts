import type { LetterFilter } from '@signalbox/agent-kit';
import { isRfc3339 } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';

const name = (max: number) => z.string().min(1).max(max);
const time = z
  .string()
  .refine(isRfc3339, { message: 'must be an RFC 3339 date-time with seconds and offset' })
  .transform((text) => new Date(text));

/** Who asks, as they call themselves; kept with what they did. */
const by = name(100);
const why = name(500);
const id = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, { message: 'must be a number' })
  .transform((text) => BigInt(text));

const filter = {
  fingerprint: name(64).optional(),
  handler: name(255).optional(),
  event_type: name(249).optional(),
  from: time.optional(),
  to: time.optional(),
};

export const idRequest = z.object({ id });
export const listRequest = z.object({
  ...filter,
  status: z.enum(['open', 'redriven', 'discarded']).optional(),
  before: id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const editRequest = z.union([
  z.strictObject({ by, data: z.unknown().refine((data) => data !== undefined, { message: 'is required' }) }),
  z.strictObject({ by, envelope: z.record(z.string(), z.unknown()) }),
]);
export const byRequest = z.strictObject({ by });
export const outcomeRequest = z.strictObject({ done: z.boolean(), by, why });
export const byWhyRequest = z.strictObject({ by, why });
export const redrivesRequest = z.strictObject({
  ...filter,
  /** Says that no filter is meant. */
  all: z.literal(true).optional(),
  by,
  dry_run: z.boolean().default(true),
  rate_per_s: z.number().int().min(1).max(1_000).default(10),
  letters_max: z.number().int().min(1).max(1_000_000).default(1_000_000),
});
const key = { kind: name(255), value: name(255) };
export const releaseRequest = z.strictObject({ ...key, by });
export const dropRequest = z.strictObject({ ...key, which: z.enum(['head', 'all']), by, why });

/** Reads a request; throws `request_malformed` that names every bad field. */
export function read<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const pointers = parsed.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    message,
  }));
  const text = pointers.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('; ');
  throw new SignalboxError('request_malformed', `The request is malformed: ${text}`, {
    pointers,
    action: 'Correct the fields named.',
  });
}

/** A filter as the store knows it. */
export const filterOf = (
  request: Pick<z.infer<typeof listRequest>, keyof typeof filter> & {
    readonly status?: LetterFilter['status'];
  },
): LetterFilter => ({
  ...(request.status ? { status: request.status } : {}),
  ...(request.fingerprint ? { fingerprint: request.fingerprint } : {}),
  ...(request.handler ? { handler: request.handler } : {}),
  ...(request.event_type ? { eventType: request.event_type } : {}),
  ...(request.from ? { from: request.from } : {}),
  ...(request.to ? { to: request.to } : {}),
});
