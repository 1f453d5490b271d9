import type { Environment } from './load-settings.js';

/** This process's environment with `changes` on top, for a child process; `undefined` removes a variable. */
export function inheritedEnvironment(changes: Environment = {}): Record<string, string | undefined> {
  const result: Record<string, string | undefined> = { ...process.env };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}
