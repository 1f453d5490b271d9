import { listTopics } from '@signalbox/agent-kit-kafka';
import { SignalboxError } from '@signalbox/errors';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { span } from '../format/arguments.js';
import { printable } from '../format/printable.js';
import { collectStory } from '../story/collect.js';
import { withInspector } from '../story/inspect.js';
import { renderStory } from '../story/render.js';
import { storyJson } from '../story/story-json.js';
import { buildStory } from '../story/tree.js';

const dayMs = 86_400_000;

/** `signalbox story <id>` */
export function registerStory(program: Command, context: CommandContext): void {
  program
    .command('story')
    .description('what came of a webhook or an event: every decision, request and result, in causal order')
    .argument('<id>', 'correlation id, or the id of any event of the story')
    .option('--since <span>', 'how far back to look: 15m, 24h, 7d', span, dayMs)
    .action((id: string, options: { since: number }) => story(context, id, options.since));
}

async function story({ output }: CommandContext, id: string, sinceMs: number): Promise<void> {
  await withInspector(async (inspector, connection) => {
    const topics = await listTopics(connection);
    const material = await collectStory(inspector, id, { topics, fromTimeMs: Date.now() - sinceMs });
    if (!material) {
      throw new SignalboxError('not_found', `No event and no story has the id ${printable(id, 255)}.`, {
        action:
          'Check the id (`npx signalbox webhooks list` shows recent ones), or look further back with --since 7d.',
      });
    }
    const built = buildStory(material);
    output.result(storyJson(built), () => renderStory(built));
  });
}
