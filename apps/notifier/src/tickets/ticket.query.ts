import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import { z } from 'zod';
import type { TicketQuery } from './ticket-desk.js';

/** Largest number PostgreSQL's integer holds. */
const numberMax = 2_147_483_647;

const digits = (max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, { message: 'must be a whole number' })
    .transform(Number)
    .pipe(z.number().min(1).max(max));

const schema = z.object({
  status: z.enum(['open', 'resolved', 'all']).default('all'),
  before: digits(numberMax).optional(),
  limit: digits(200).default(50),
});

/** Reads `?status=&before=&limit=` (all, 50); throws `request_malformed` with a pointer to each bad parameter. */
export function ticketQueryOf(query: Readonly<Record<string, unknown>>): TicketQuery {
  const { status, before, limit } = read(schema, query);
  return {
    limit,
    ...(status === 'all' ? {} : { status }),
    ...(before === undefined ? {} : { before }),
  };
}

/** Reads the number in the path; throws `request_malformed`. */
export const ticketNumberOf = (number: string): number =>
  read(z.object({ number: digits(numberMax) }), { number }).number;

const resolution = z.strictObject({
  by: z.string().trim().min(1).max(255),
  note: z.string().trim().min(1).max(2_000).optional(),
});

/** Reads `{by, note?}` of a request to resolve a ticket; throws `request_malformed`. */
export const resolutionOf = (body: unknown): z.infer<typeof resolution> => read(resolution, body ?? {});

function read<S extends z.ZodType>(wanted: S, given: unknown): z.infer<S> {
  const parsed = wanted.safeParse(given);
  if (parsed.success) return parsed.data;
  const pointers: ErrorPointer[] = parsed.error.issues.map(({ path, message }) => ({
    pointer: `/${path.join('/')}`,
    message,
  }));
  const text = pointers.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  throw new SignalboxError('request_malformed', `The request is malformed: ${text}`, { pointers });
}
