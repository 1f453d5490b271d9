import { setTimeout as delay } from 'node:timers/promises';
import type { CommandContext } from '../context.js';
import type { ControlClient } from './control-client.js';
import type { Run } from './model.js';
import { runText } from './text.js';

const lookEveryMs = 500;

/** Shows how a redrive comes on until it ends; Ctrl-C stops the showing, not the redrive. */
export async function watchRun(
  { output, signal, fail }: CommandContext,
  client: ControlClient,
  first: Run,
): Promise<void> {
  let run = first;
  let shown = '';
  while (run.status === 'running' && !signal.aborted) {
    if (runText(run) !== shown) output.progress((shown = runText(run)));
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    run = await client.get<Run>(`/redrives/${run.id}`);
  }
  output.result(run, () => {
    if (run.status !== 'running') return runText(run);
    return `${runText(run)}\nIt goes on without you: signalbox dlq runs --agent ${client.agent}`;
  });
  if (run.refused > 0) fail();
}
