import type { Environment } from './load-settings.js';

/** Names of set variables that begin with `prefix`, sorted; `<NAME>_FILE` counts as `<NAME>`. At most 100. */
export function variablesWithPrefix(prefix: string, env: Environment = process.env): string[] {
  const set = Object.keys(env).filter((name) => name.startsWith(prefix) && (env[name] ?? '') !== '');
  const names = set.map((name) => name.replace(/_FILE$/, '')).filter((name) => name.startsWith(prefix));
  return [...new Set(names)].sort().slice(0, 100);
}
