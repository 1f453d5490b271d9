import { existsSync, readFileSync } from 'node:fs';

/** The last lines of a log, at most 2,000 characters. */
export function logTail(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').slice(-2_000).trimEnd() : '(no log)';
}
