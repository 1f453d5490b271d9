import { readFileSync } from 'node:fs';
import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables a schema names from the environment, once, into a frozen object. `<NAME>_FILE` names a file
 * whose content (without the last line break) is the value. An empty variable counts as not set.
 * Throws `config_invalid` that lists every bad variable by name, never by value.
 */
export function loadSettings<S extends z.ZodObject>(
  schema: S,
  env: Environment = process.env,
): Readonly<z.infer<S>> {
  const problems: ErrorPointer[] = [];
  const raw: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = readVariable(name, env, problems);
    if (value !== undefined && value !== '') raw[name] = value;
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? '');
      problems.push({ pointer: name, message: raw[name] === undefined ? 'is required' : issue.message });
    }
  }
  if (problems.length > 0 || !parsed.success) {
    const lines = problems.map(({ pointer, message }) => `  ${pointer}: ${message}`).join('\n');
    throw new SignalboxError('config_invalid', `Settings are missing or malformed:\n${lines}`, {
      pointers: problems,
    });
  }
  return Object.freeze(parsed.data);
}

function readVariable(name: string, env: Environment, problems: ErrorPointer[]): string | undefined {
  const file = env[`${name}_FILE`];
  if (env[name] !== undefined && env[name] !== '') return env[name];
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push({
      pointer: `${name}_FILE`,
      message: `cannot be read (${(error as NodeJS.ErrnoException).code})`,
    });
    return undefined;
  }
}
