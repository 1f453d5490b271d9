import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '@signalbox/config';
import { root } from '../support/repository.js';

const folder = join(root, 'tests/publishers');

/** A program that publishes one event with a foreign client, and what must be made before it runs. */
export interface Program {
  readonly file: string;
  readonly cwd?: string;
  readonly prepare?: readonly [command: string, ...args: string[]][];
  readonly command: readonly [string, ...string[]];
}

const pythonHome = (): string => join(mkdtempSync(join(tmpdir(), 'signalbox-python-')), 'home');

export function pythonProgram(home = pythonHome()): Program {
  const file = join(folder, 'publish.py');
  const prepare: [string, ...string[]][] = [
    ['python3', '-m', 'venv', home],
    [join(home, 'bin/pip'), 'install', '--quiet', 'confluent-kafka==2.16.1'],
  ];
  return { file, prepare, command: [join(home, 'bin/python'), file] };
}

export const goProgram: Program = {
  file: join(folder, 'go/main.go'),
  cwd: join(folder, 'go'),
  command: ['go', 'run', '.'],
};

export const shellProgram: Program = {
  file: join(folder, 'publish.sh'),
  command: ['bash', '-eo', 'pipefail', join(folder, 'publish.sh')],
};

/** Java runs a single source file as it is. */
export function javaProgram(java: string, classPath: string): Program {
  const file = join(folder, 'Publish.java');
  return { file, command: [java, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classPath, file] };
}

/** Rejects with the program's own words when it fails. */
export async function runProgram(
  { prepare = [], command, cwd = folder }: Program,
  environment: Record<string, string>,
): Promise<void> {
  const options = { cwd, env: inheritedEnvironment(environment) as Record<string, string>, timeout: 180_000 };
  for (const [name, ...args] of [...prepare, command]) await promisify(execFile)(name, args, options);
}
