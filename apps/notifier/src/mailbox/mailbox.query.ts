import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import type { MailboxQuery } from './mailbox.js';

const schema = z.object({
  channel: z.enum(['email', 'slack', 'pagerduty']).optional(),
  before: z
    .string()
    .regex(/^\d{1,18}$/, { message: 'must be an id of the page before' })
    .transform(BigInt)
    .optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { message: 'must be a whole number' })
    .transform(Number)
    .pipe(z.number().min(1).max(200))
    .optional(),
});

/** Reads `?channel=&before=&limit=` (50 when left out); throws `request_malformed` with a pointer to each bad parameter. */
export function mailboxQueryOf(query: Readonly<Record<string, unknown>>): MailboxQuery {
  const parsed = schema.safeParse(query);
  if (!parsed.success) {
    const pointers = parsed.error.issues.map(({ path, message }) => ({
      pointer: `/${path.join('/')}`,
      message,
    }));
    const text = pointers.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
    throw new SignalboxError('request_malformed', `The query is malformed: ${text}`, { pointers });
  }
  const { channel, before, limit } = parsed.data;
  return {
    limit: limit ?? 50,
    ...(channel === undefined ? {} : { channel }),
    ...(before === undefined ? {} : { before }),
  };
}
