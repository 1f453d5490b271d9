import { SignalboxError } from '@signalbox/errors';
import { answerObject } from '../operate/answer-object.js';
import type { MailboxMessage } from '../format/mailbox-text.js';

const answerWithinMs = 10_000;
/** The largest page the notifier gives. */
const pageMessagesMax = 200;
/** More than anybody reads while it scrolls by. */
const newPagesMax = 100;

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

/** All that came after the message with this id, oldest first; when it is undefined, the newest 200. At most 20,000. */
export async function readNewMail(
  notifierUrl: string,
  channel: MailboxMessage['channel'] | undefined,
  afterId: string | undefined,
): Promise<MailboxMessage[]> {
  if (afterId === undefined) return readMailbox(notifierUrl, { channel, limit: pageMessagesMax });
  const messages: MailboxMessage[] = [];
  let before: string | null = null;
  for (let pages = 0; pages < newPagesMax; pages += 1) {
    const page = await readPage(notifierUrl, { channel, limit: pageMessagesMax }, pageMessagesMax, before);
    const fresh = page.messages.filter(({ id }) => BigInt(id) > BigInt(afterId));
    messages.push(...fresh);
    before = page.next;
    if (before === null || fresh.length < page.messages.length || fresh.length === 0) break;
  }
  return messages.reverse();
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
  const answer = await answerObject(response, 'the notifier', 'messages');
  if (response.ok) return answer as Page;
  const problem: { readonly detail?: unknown } = answer;
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `The notifier answered ${response.status}.`;
  throw new SignalboxError(response.status === 404 ? 'not_found' : 'outbound_failed', detail, {
    action: 'Messages go to the outside when SMTP, Slack and PagerDuty have settings; look there.',
  });
}
