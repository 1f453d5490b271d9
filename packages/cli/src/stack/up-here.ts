import { Supervisor, stackSettings, type StackSettings } from '@signalbox/local-stack';
import type { CommandContext } from '../context.js';
import { startScreen } from './screen.js';
import { applyStackTopics } from './stack-topics.js';

/** Runs the stack in this process until Ctrl-C or `signalbox down`, then stops it in order. */
export async function upHere(
  context: CommandContext,
  settings: StackSettings = stackSettings(),
): Promise<void> {
  const { output, signal } = context;
  const supervisor = new Supervisor(settings, {
    onEvent: (message) => output.progress(`  ${message}`),
    beforeApps: async ({ kafka }) => void (await applyStackTopics(kafka, settings.topics)),
  });
  const asked = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    void supervisor.downAsked.then(resolve);
  });
  output.progress('Starting Signalbox');
  const stopping = asked.then(async () => {
    output.progress('Stopping');
    await supervisor.stop();
  });
  try {
    await supervisor.start();
  } catch (error) {
    if (signal.aborted) return stopping;
    throw error;
  }
  const status = await supervisor.status();
  if (status.phase !== 'stopping') output.result(status, () => startScreen(status, false));
  await stopping;
  output.progress('Stopped');
}
