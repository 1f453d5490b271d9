import { Command, CommanderError } from 'commander';
import type { CommandContext } from './context.js';
import { createOutput, type OutputStreams } from './output.js';

type Register = (program: Command, context: CommandContext) => void;

/** Every command, in the order of the help text; a module is loaded only when its command is asked for. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import('./commands/up.js')).registerUp,
  status: async () => (await import('./commands/status.js')).registerStatus,
  logs: async () => (await import('./commands/logs.js')).registerLogs,
  down: async () => (await import('./commands/down.js')).registerDown,
  send: async () => (await import('./commands/send.js')).registerSend,
  publish: async () => (await import('./commands/publish.js')).registerPublish,
  tail: async () => (await import('./commands/tail.js')).registerTail,
  story: async () => (await import('./commands/story.js')).registerStory,
  sources: async () => (await import('./commands/sources.js')).registerSources,
  webhooks: async () => (await import('./commands/webhooks.js')).registerWebhooks,
  mail: async () => (await import('./commands/mail.js')).registerMail,
  tickets: async () => (await import('./commands/tickets.js')).registerTickets,
  drafts: async () => (await import('./commands/drafts.js')).registerDrafts,
  dev: async () => (await import('./commands/dev.js')).registerDev,
  shadow: async () => (await import('./commands/shadow.js')).registerShadow,
  new: async () => (await import('./commands/new.js')).registerNew,
  dlq: async () => (await import('./commands/dlq.js')).registerDlq,
  keys: async () => (await import('./commands/keys.js')).registerKeys,
  agent: async () => (await import('./commands/agent.js')).registerAgent,
  effects: async () => (await import('./commands/effects.js')).registerEffects,
  topics: async () => (await import('./commands/topics.js')).registerTopics,
};

const usageError = 2;

/** Runs one command line and resolves to its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(
  args: readonly string[],
  signal: AbortSignal,
  streams: OutputStreams = process,
): Promise<number> {
  const program = new Command('signalbox');
  const output = createOutput(() => program.opts()['json'] === true || args.includes('--json'), streams);
  let failed = false;
  const context: CommandContext = { output, signal, fail: () => void (failed = true) };
  program
    .description('Proactive agents on Kafka: signed webhooks in, events through, effects out.')
    .option('--json', 'print data as JSON')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    });
  try {
    const wanted = args.find((argument) => Object.hasOwn(commands, argument));
    const names = wanted === undefined ? Object.keys(commands) : [wanted];
    for (const name of names) (await commands[name]?.())?.(program, context);
    await program.parseAsync([...args], { from: 'user' });
    return failed ? 1 : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageError;
    output.error(error);
    return 1;
  }
}

/** Runs a command line as the whole of a process. */
export function run(args: readonly string[]): void {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stopping.abort());
  // A closed pipe (`signalbox tail … | head`) ends the command quietly.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  void main(args, stopping.signal).then((code) => {
    process.exitCode = code;
  });
}
