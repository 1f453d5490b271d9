import type { KafkaInspector, TopicRecord } from '@signalbox/agent-kit-kafka';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../format/arguments.js';
import { decodeRecord, recordJson, recordText } from '../format/record-text.js';
import { requireTopic, withInspector } from '../story/inspect.js';

interface TailOptions {
  readonly from: 'beginning' | 'end';
  readonly limit?: number;
  readonly follow: boolean;
}

/** `signalbox tail <topic>` */
export function registerTail(program: Command, context: CommandContext): void {
  program
    .command('tail')
    .description('show the events of a topic as they come, until Ctrl-C')
    .argument('<topic>', 'such as service_down or ops.dlq')
    .addOption(new Option('--from <place>', 'where to start').choices(['beginning', 'end']).default('end'))
    .option('-n, --limit <n>', 'stop after so many', wholeNumber(1, 1_000_000))
    .option('--no-follow', 'stop at the end of the topic')
    .action((topic: string, options: TailOptions) => tail(context, topic, options));
}

async function tail({ output, signal }: CommandContext, topic: string, options: TailOptions): Promise<void> {
  await withInspector(async (inspector, connection) => {
    await requireTopic(connection, topic);
    const limit = options.limit ?? Number.POSITIVE_INFINITY;
    let shown = 0;
    for await (const record of recordsOf(inspector, topic, options, signal)) {
      const decoded = decodeRecord(record);
      output.item(recordJson(decoded), () => recordText(decoded));
      shown += 1;
      if (shown >= limit || signal.aborted) break;
    }
  });
}

function recordsOf(
  inspector: KafkaInspector,
  topic: string,
  { from, follow }: TailOptions,
  signal: AbortSignal,
): AsyncIterable<TopicRecord> {
  if (follow)
    return inspector.tailTopic(topic, { signal, ...(from === 'beginning' ? { fromTimeMs: 0 } : {}) });
  // Without following, the end of the topic holds nothing to show: it is read from its beginning.
  return inspector.readTopic(topic);
}
