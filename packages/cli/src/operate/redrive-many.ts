import { SignalboxError } from '@signalbox/errors';
import type { CommandContext } from '../context.js';
import type { ControlClient } from './control-client.js';
import type { Run } from './model.js';
import { filterOf, type FilterOptions } from './options.js';
import { watchRun } from './watch-run.js';

export interface RedriveOptions extends FilterOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly rate: number;
  readonly max: number;
  readonly by: string;
}

interface Begun {
  readonly matching: number;
  readonly would_redrive?: number;
  readonly run?: Run;
}

/** Redrives the dead letters named, one by one; goes on after a refusal. */
export async function redriveEach(
  { output, fail }: CommandContext,
  client: ControlClient,
  ids: readonly string[],
  by: string,
): Promise<void> {
  for (const id of ids) {
    try {
      const answer = await client.post<object>(`/dead-letters/${id}/redrive`, { by });
      output.item(answer, () => `dead letter ${id} goes back to ${client.agent}`);
    } catch (error) {
      output.error(error);
      fail();
    }
  }
}

/** Counts what a filter chooses; with `--yes`, begins the redrive and shows how it comes on. */
export async function redriveMany(
  context: CommandContext,
  client: ControlClient,
  options: RedriveOptions,
): Promise<void> {
  const filter = filterOf(options, Date.now());
  if (Object.keys(filter).length === 0 && !options.all)
    throw new SignalboxError('request_malformed', 'Nothing says which dead letters to redrive.', {
      action: 'Name ids, or give --fingerprint, --handler, --type, --since, --until or --all.',
    });
  const begun = await client.post<Begun>('/redrives', {
    ...filter,
    ...(options.all ? { all: true } : {}),
    by: options.by,
    dry_run: !options.yes,
    rate_per_s: options.rate,
    letters_max: options.max,
  });
  if (begun.run) return watchRun(context, client, begun.run);
  context.output.result(begun, () => {
    const { matching, would_redrive: count = 0 } = begun;
    if (matching === 0) return 'No open dead letter matches.';
    const seconds = Math.ceil(count / options.rate);
    return `${matching} open dead letters match; ${count} would be redriven in about ${seconds} s (${options.rate} a second).\nAdd --yes to do it.`;
  });
}
