import { existsSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stackSettings } from '@signalbox/local-stack';
import { SignalboxError } from '@signalbox/errors';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../context.js';

const followEveryMs = 200;
const linesMax = 100_000;

interface LogsOptions {
  readonly follow?: boolean;
  readonly lines: number;
}

/** `signalbox logs <app> [-f] [-n lines]` */
export function registerLogs(program: Command, context: CommandContext): void {
  program
    .command('logs')
    .description('show what an app, kafka, postgres or the supervisor wrote')
    .argument('<app>')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('-n, --lines <count>', 'how many lines of the past', lineCount, 100)
    .action((app: string, options: LogsOptions) => logs(context, app, options));
}

function lineCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= linesMax) return count;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${linesMax}.`);
}

async function logs(
  { output, signal }: CommandContext,
  app: string,
  { follow, lines }: LogsOptions,
): Promise<void> {
  const { dataDir, allApps } = stackSettings();
  const known = [...allApps.map(({ name }) => name), 'kafka', 'postgres', 'supervisor'];
  if (!known.includes(app)) {
    throw new SignalboxError('not_found', `There is no log of ${app}.`, {
      action: `Known are: ${known.join(', ')}.`,
    });
  }
  const path = join(dataDir, 'logs', `${app}.log`);
  if (!existsSync(path) && !follow) {
    throw new SignalboxError('not_found', `${app} has not written anything yet.`, {
      action: `Start the stack; the log will be ${path}.`,
    });
  }
  const past = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  output.raw(lastLines(past.toString('utf8'), lines));
  let position = past.length;
  while (follow && !signal.aborted) {
    await delay(followEveryMs, undefined, { signal }).catch(() => undefined);
    position = await printFrom(path, position, (text) => output.raw(text));
  }
}

/** The last `count` lines, each with its line break. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines
    .slice(Math.max(0, lines.length - count))
    .map((line) => `${line}\n`)
    .join('');
}

/** Prints what was added since `position` and returns the new end; a log that was cut is read from its beginning. */
async function printFrom(path: string, position: number, print: (text: string) => void): Promise<number> {
  if (!existsSync(path)) return 0;
  const { size } = statSync(path);
  const from = size < position ? 0 : position;
  if (size === from) return from;
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    print(buffer.subarray(0, bytesRead).toString('utf8'));
    return from + bytesRead;
  } finally {
    await file.close();
  }
}
