import { listTopics } from '@signalbox/agent-kit-kafka';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { span, wholeNumber } from '../format/arguments.js';
import { withInspector } from '../story/inspect.js';
import { gatewayClient } from '../operate/gateway-client.js';
import { person } from '../stack/person.js';
import type { ReleaseReport } from '@signalbox/sources';
import { reportText } from '../sources/report-text.js';
import { listWebhooks, verdicts, webhookTable, type Verdict } from '../story/webhook-list.js';

const dayMs = 86_400_000;

interface ListOptions {
  readonly source?: string;
  readonly verdict?: Verdict;
  readonly limit: number;
  readonly since: number;
}

interface ReverifyOptions {
  readonly source: string;
  readonly since: number;
  readonly dryRun: boolean;
  readonly quarantined: boolean;
  readonly by: string;
  readonly url?: string;
}

/** `signalbox webhooks list|reverify` */
export function registerWebhooks(program: Command, context: CommandContext): void {
  const webhooks = program.command('webhooks').description('look at the webhooks that came in');
  webhooks
    .command('list')
    .description('the newest webhooks, accepted and refused, and what the agents made of them')
    .option('--source <name>', 'only this source, such as ops-alert')
    .addOption(new Option('--verdict <verdict>', 'only these').choices(verdicts))
    .option('-n, --limit <n>', 'the newest so many', wholeNumber(1, 10_000), 20)
    .option('--since <span>', 'how far back to look: 15m, 24h, 7d', span, dayMs)
    .action((options: ListOptions) => list(context, options));
  webhooks
    .command('reverify')
    .description('release webhooks that were refused for a wrong secret, now that the right one is there')
    .requiredOption('--source <name>', 'of this source')
    .option('--since <span>', 'that came in within: 15m, 24h, 3d', span, dayMs)
    .option('--dry-run', 'only count them', false)
    .option('--quarantined', 'those that are quarantined, now that the mapping fits', false)
    .option('--by <name>', 'who asks', person())
    .option('--url <url>', 'address of the gateway; default: the local stack')
    .action((options: ReverifyOptions) => reverify(context, options));
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

async function reverify({ output, fail }: CommandContext, options: ReverifyOptions): Promise<void> {
  const { source, since, dryRun, quarantined, by, url } = options;
  const report = await gatewayClient(url).post<ReleaseReport>('/webhooks/reverify', {
    source,
    by,
    since: new Date(Date.now() - since).toISOString(),
    dry_run: dryRun,
    quarantined,
  });
  output.result(report, () => reportText(report));
  if (report.unfit > 0) fail();
}
