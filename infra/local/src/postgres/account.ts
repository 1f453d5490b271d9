import { execFileSync } from 'node:child_process';
import { SignalboxError } from '@signalbox/errors';

/** The account PostgreSQL runs under; empty for whoever runs the stack. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const userName = 'postgres';

/** PostgreSQL refuses to run as root: root lends it the user `postgres`, made here when there is none. */
export function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const existing = lookUp();
  if (existing) return existing;
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', userName], { stdio: 'pipe' });
  } catch (cause) {
    throw new SignalboxError(
      'stack_unavailable',
      'PostgreSQL refuses to run as root, and no user could be made for it.',
      {
        cause,
        action: `Start as an ordinary user, make a user \`${userName}\`, or set DATABASE_URL.`,
      },
    );
  }
  return lookUp() ?? {};
}

/** Throws when that account may not enter a folder above the data, as under /root. */
export function assertReachable(account: Account, path: string): void {
  if (account.uid === undefined) return;
  try {
    execFileSync('test', ['-r', path], { uid: account.uid, gid: account.gid, stdio: 'pipe', cwd: '/' });
  } catch (cause) {
    throw new SignalboxError('stack_unavailable', `The user ${userName} may not read ${path}.`, {
      cause,
      action:
        'Clone the repository into a folder that other users may enter, start as an ordinary user, or set DATABASE_URL.',
    });
  }
}

function lookUp(): Account | undefined {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, userName], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
