import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnvironment, type Environment } from '@signalbox/config';
import { main } from '../src/main.js';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const repositoryDir = join(__dirname, '../../..');
const limitMs = 120_000;

/** Runs a command line inside this process. */
export async function runHere(
  args: readonly string[],
  stopping: AbortController = new AbortController(),
): Promise<CliResult> {
  const texts = { stdout: '', stderr: '' };
  const streams = {
    stdout: { write: (text: string) => (texts.stdout += text) },
    stderr: { write: (text: string) => (texts.stderr += text) },
  };
  const code = await main(args, stopping.signal, streams);
  return { code, ...texts };
}

/** Runs a command line from source in a process of its own, with variables added to the environment. */
export function runCli(args: readonly string[], env: Environment = {}): Promise<CliResult> {
  const register = join(repositoryDir, 'infra/register-source.cjs');
  const entry = join(repositoryDir, 'packages/cli/src/run.ts');
  const child = spawn(process.execPath, ['--conditions=@signalbox/source', '-r', register, entry, ...args], {
    env: inheritedEnvironment(env) as Record<string, string>,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The JSON documents a command printed, one a line. */
export const jsonLines = <T>({ stdout }: CliResult): T[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
