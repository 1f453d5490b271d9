import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { collect, wholeNumber } from '../format/arguments.js';
import { controlClient, type AgentOptions } from '../operate/control-client.js';
import { editOf, type EditOptions } from '../operate/edited-data.js';
import type { Change, Group, Letter, Run, WholeLetter } from '../operate/model.js';
import {
  agentOptions,
  byOption,
  filterOf,
  filterOptions,
  limitOption,
  statusOption,
  type FilterOptions,
} from '../operate/options.js';
import { redriveEach, redriveMany, type RedriveOptions } from '../operate/redrive-many.js';
import { changesText, groupTable, letterTable, letterText, runText } from '../operate/text.js';
import { watchRun } from '../operate/watch-run.js';

type ListOptions = AgentOptions & FilterOptions & { readonly byCause?: boolean; readonly limit: number };

/** `signalbox dlq list|show|edit|redrive|discard|runs|cancel|resume` */
export function registerDlq(program: Command, context: CommandContext): void {
  const dlq = program
    .command('dlq')
    .description("look at an agent's dead letters, mend them, send them back");
  registerLooking(dlq, context);
  registerMending(dlq, context);
  registerRuns(dlq, context);
}

function registerLooking(dlq: Command, context: CommandContext): void {
  filterOptions(agentOptions(dlq.command('list')))
    .description('dead letters, newest first')
    .addOption(statusOption)
    .addOption(limitOption)
    .option('--by-cause', 'count them by fingerprint instead')
    .action((options: ListOptions) => list(context, options));
  agentOptions(dlq.command('show'))
    .description('everything about one dead letter')
    .argument('<id>')
    .action(async (id: string, options: AgentOptions) => {
      const letter = await controlClient(options).get<WholeLetter>(`/dead-letters/${encodeURIComponent(id)}`);
      context.output.result(letter, () => letterText(letter));
    });
}

function registerMending(dlq: Command, context: CommandContext): void {
  byOption(agentOptions(dlq.command('edit')))
    .description('change the event of a dead letter before it is redriven; the original is kept')
    .argument('<id>')
    .option('--set <path=value>', 'a field of the data; may be given again', collect(String))
    .option('--data <file>', 'a JSON file with the whole data')
    .option('--event <file>', 'a JSON file with the whole event, for a record that is none')
    .action((id: string, options: AgentOptions & EditOptions & { by: string }) => edit(context, id, options));
  byOption(filterOptions(agentOptions(dlq.command('redrive'))))
    .description(
      'send dead letters back to the handler that failed; a filter only counts until you say --yes',
    )
    .argument('[id...]')
    .option('--all', 'every open dead letter')
    .option('--rate <n>', 'so many a second', wholeNumber(1, 1_000), 10)
    .option('--max <n>', 'so many at most', wholeNumber(1, 1_000_000), 1_000_000)
    .option('--yes', 'do it')
    .action((ids: string[], options: AgentOptions & RedriveOptions) =>
      ids.length > 0
        ? redriveEach(context, controlClient(options), ids, options.by)
        : redriveMany(context, controlClient(options), options),
    );
  byOption(agentOptions(dlq.command('discard')))
    .description('settle dead letters without handling them; they are kept')
    .argument('<id...>')
    .requiredOption('--why <text>', 'why, for those who ask later')
    .action((ids: string[], options: AgentOptions & { by: string; why: string }) =>
      discard(context, ids, options),
    );
}

function registerRuns(dlq: Command, context: CommandContext): void {
  agentOptions(dlq.command('runs'))
    .description('redrives of many dead letters, newest first')
    .action(async (options: AgentOptions) => {
      const { redrives } = await controlClient(options).get<{ redrives: Run[] }>('/redrives');
      const none = 'No redrive was asked for yet.';
      context.output.result(redrives, () => redrives.map(runText).join('\n') || none);
    });
  agentOptions(dlq.command('cancel'))
    .description('stop a redrive; what is redriven stays so')
    .argument('<run>')
    .action(async (id: string, options: AgentOptions) => {
      const run = await controlClient(options).post<Run>(`/redrives/${encodeURIComponent(id)}/cancel`, {});
      context.output.result(run, () => runText(run));
    });
  agentOptions(dlq.command('resume'))
    .description('go on with a cancelled redrive')
    .argument('<run>')
    .action(async (id: string, options: AgentOptions) => {
      const client = controlClient(options);
      const run = await client.post<Run>(`/redrives/${encodeURIComponent(id)}/resume`, {});
      await watchRun(context, client, run);
    });
}

async function list({ output }: CommandContext, options: ListOptions): Promise<void> {
  const client = controlClient(options);
  const query = new URLSearchParams({ ...filterOf(options, Date.now()), limit: String(options.limit) });
  if (options.byCause) {
    const { groups } = await client.get<{ groups: Group[] }>(`/dead-letters/groups?${query.toString()}`);
    output.result(groups, () => groupTable(groups));
    return;
  }
  const { dead_letters: letters } = await client.get<{ dead_letters: Letter[] }>(
    `/dead-letters?${query.toString()}`,
  );
  output.result(letters, () => letterTable(letters));
}

async function edit(
  { output }: CommandContext,
  id: string,
  options: AgentOptions & EditOptions & { readonly by: string },
): Promise<void> {
  const client = controlClient(options);
  const path = `/dead-letters/${encodeURIComponent(id)}`;
  const edited = editOf(await client.get<WholeLetter>(path), options);
  const answer = await client.post<{ changes: Change[] }>(`${path}/edit`, { ...edited, by: options.by });
  output.result(answer, () =>
    [
      `dead letter ${id}, from the original:`,
      changesText(answer.changes),
      `Send it back: signalbox dlq redrive ${id} --agent ${client.agent}`,
    ].join('\n'),
  );
}

async function discard(
  { output, fail }: CommandContext,
  ids: readonly string[],
  options: AgentOptions & { readonly by: string; readonly why: string },
): Promise<void> {
  const client = controlClient(options);
  const { by, why } = options;
  for (const id of ids) {
    try {
      const answer = await client.post<object>(`/dead-letters/${encodeURIComponent(id)}/discard`, {
        by,
        why,
      });
      output.item(answer, () => `dead letter ${id} is discarded`);
    } catch (error) {
      output.error(error);
      fail();
    }
  }
}
