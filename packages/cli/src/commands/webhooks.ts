import { listTopics } from '@signalbox/agent-kit-kafka';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { span, wholeNumber } from '../format/arguments.js';
import { withInspector } from '../story/inspect.js';
import { listWebhooks, webhookTable, type Webhook } from '../story/webhook-list.js';

const dayMs = 86_400_000;

interface ListOptions {
  readonly source?: string;
  readonly verdict?: Webhook['verdict'];
  readonly limit: number;
  readonly since: number;
}

/** `signalbox webhooks list` */
export function registerWebhooks(program: Command, context: CommandContext): void {
  const webhooks = program.command('webhooks').description('look at the webhooks that came in');
  webhooks
    .command('list')
    .description('the newest webhooks, accepted and refused, and what the agents made of them')
    .option('--source <name>', 'only this source, such as ops-alert')
    .addOption(new Option('--verdict <verdict>', 'only these').choices(['accepted', 'refused']))
    .option('-n, --limit <n>', 'the newest so many', wholeNumber(1, 10_000), 20)
    .option('--since <span>', 'how far back to look: 15m, 24h, 7d', span, dayMs)
    .action((options: ListOptions) => list(context, options));
}

async function list(
  { output }: CommandContext,
  { source, verdict, limit, since }: ListOptions,
): Promise<void> {
  await withInspector(async (inspector, connection) => {
    const topics = await listTopics(connection);
    const fromTimeMs = Date.now() - since;
    const found = await listWebhooks(inspector, topics, { source, verdict, limit, fromTimeMs });
    output.result(
      found.map(({ webhook, outcomes }) => ({ ...webhook, outcomes })),
      () => webhookTable(found),
    );
  });
}
