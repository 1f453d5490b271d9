import { listTopics } from '@signalbox/agent-kit-kafka';
import { requireLocalState, stackSettings } from '@signalbox/local-stack';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { applyStackTopics } from '../stack/stack-topics.js';

/** `signalbox topics apply|list` */
export function registerTopics(program: Command, context: CommandContext): void {
  const topics = program.command('topics').description('make and list the topics of Kafka');
  topics
    .command('apply')
    .description('create missing topics and correct settings that drifted; never lowers partitions')
    .action(() => apply(context));
  topics
    .command('list')
    .description('the names of all topics')
    .action(() => list(context));
}

async function apply({ output }: CommandContext): Promise<void> {
  const report = await applyStackTopics(requireLocalState().kafka, stackSettings().topics);
  output.result(report, () => {
    const lines = [
      ...report.created.map((topic) => `created ${topic}`),
      ...report.grown.map(({ topic, from, to }) => `grew ${topic} from ${from} to ${to} partitions`),
      ...report.configChanged.map((change) => `corrected ${change.topic}`),
      ...report.partitionsDiffer.map(
        ({ topic, has, wanted }) => `left ${topic} at ${has} partitions (${wanted} wanted)`,
      ),
    ];
    return lines.length > 0 ? lines.join('\n') : 'Every topic is as it should be.';
  });
}

async function list({ output }: CommandContext): Promise<void> {
  const names = await listTopics(requireLocalState().kafka);
  output.result(names, () => names.join('\n'));
}
