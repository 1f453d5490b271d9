import { setTimeout as delay } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../format/arguments.js';
import { messageText, type MailboxMessage } from '../format/mailbox-text.js';
import { notifierUrl } from '../stack/notifier-url.js';
import { readMailbox, readNewMail } from '../story/mailbox-client.js';

const followEveryMs = 500;

interface MailOptions {
  readonly follow?: boolean;
  readonly limit: number;
  readonly channel?: MailboxMessage['channel'];
  readonly url?: string;
}

/** `signalbox mail` */
export function registerMail(program: Command, context: CommandContext): void {
  program
    .command('mail')
    .description('read what the notifier would have sent: mails, Slack and PagerDuty messages')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('-n, --limit <n>', 'the newest so many', wholeNumber(1, 10_000), 20)
    .addOption(new Option('--channel <channel>', 'only these').choices(['email', 'slack', 'pagerduty']))
    .option('--url <url>', 'address of the notifier; default: the local stack')
    .action((options: MailOptions) => mail(context, options));
}

async function mail({ output, signal }: CommandContext, options: MailOptions): Promise<void> {
  const url = options.url ?? notifierUrl();
  const { channel, limit } = options;
  const messages = await readMailbox(url, { channel, limit });
  if (!options.follow) {
    output.result(messages, () =>
      messages.length === 0 ? 'The mailbox is empty.' : messages.map(messageText).join('\n'),
    );
    return;
  }
  for (const message of messages) output.item(message, () => messageText(message));
  let lastId = messages.at(-1)?.id;
  while (!signal.aborted) {
    await delay(followEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    for (const message of await readNewMail(url, channel, lastId)) {
      output.item(message, () => messageText(message));
      lastId = message.id;
    }
  }
}
