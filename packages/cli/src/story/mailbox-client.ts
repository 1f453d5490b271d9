import { SignalboxError } from '@signalbox/errors';
import type { MailboxMessage } from '../format/mailbox-text.js';

const answerWithinMs = 10_000;
/** The largest page the notifier gives. */
const pageMessagesMax = 200;

export interface MailboxQuery {
  readonly channel?: MailboxMessage['channel'] | undefined;
  readonly limit: number;
}

/** The newest messages, oldest first. Throws `outbound_failed` when the notifier does not answer or has no mailbox. */
export async function readMailbox(notifierUrl: string, query: MailboxQuery): Promise<MailboxMessage[]> {
  const messages: MailboxMessage[] = [];
  let before: string | null = null;
  do {
    const page = await readPage(
      notifierUrl,
      query,
      Math.min(pageMessagesMax, query.limit - messages.length),
      before,
    );
    messages.push(...page.messages);
    before = page.messages.length > 0 ? page.next : null;
  } while (before !== null && messages.length < query.limit);
  return messages.reverse();
}

/** Messages that came after the one with this id (all when undefined), oldest first, at most 200 at a time. */
export async function readNewMail(
  notifierUrl: string,
  channel: MailboxMessage['channel'] | undefined,
  afterId: string | undefined,
): Promise<MailboxMessage[]> {
  const messages = await readMailbox(notifierUrl, { channel, limit: pageMessagesMax });
  return afterId === undefined ? messages : messages.filter(({ id }) => BigInt(id) > BigInt(afterId));
}

interface Page {
  readonly messages: readonly MailboxMessage[];
  readonly next: string | null;
}

async function readPage(
  notifierUrl: string,
  { channel }: MailboxQuery,
  limit: number,
  before: string | null,
): Promise<Page> {
  const url = new URL('/mailbox', notifierUrl);
  url.searchParams.set('limit', String(limit));
  if (channel !== undefined) url.searchParams.set('channel', channel);
  if (before !== null) url.searchParams.set('before', before);
  const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).catch(
    (cause: unknown) => {
      throw new SignalboxError('outbound_failed', `The notifier does not answer at ${notifierUrl}.`, {
        cause,
        action: 'Start the stack with `npm start` and look at `npx signalbox status`.',
      });
    },
  );
  if (response.ok) return (await response.json()) as Page;
  const problem = (await response.json().catch(() => ({}))) as { detail?: unknown };
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `The notifier answered ${response.status}.`;
  throw new SignalboxError(response.status === 404 ? 'not_found' : 'outbound_failed', detail, {
    action: 'Messages go to the outside when SMTP, Slack and PagerDuty have settings; look there.',
  });
}
