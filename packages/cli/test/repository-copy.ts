import { execFile, execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment, type Environment } from '@signalbox/config';
import { repositoryDir } from '@signalbox/local-stack';

export interface RunResult {
  readonly code: number;
  readonly output: string;
}

/** The repository as it lies here, in a temporary folder: its own workspaces, the packages installed here. */
export class RepositoryCopy {
  readonly dir = mkdtempSync(join(tmpdir(), 'signalbox-copy-'));

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z'], { cwd: repositoryDir, encoding: 'utf8' });
    for (const path of listed.split('\0').filter((one) => one !== '')) this.copy(path);
    const modules = join(repositoryDir, 'node_modules');
    mkdirSync(join(this.dir, 'node_modules', '@signalbox'), { recursive: true });
    for (const name of readdirSync(modules)) {
      if (name !== '@signalbox') symlinkSync(join(modules, name), join(this.dir, 'node_modules', name));
    }
    // Links to workspaces are relative: here they lead to the copies.
    for (const name of readdirSync(join(modules, '@signalbox'))) {
      const target = readlinkSync(join(modules, '@signalbox', name));
      symlinkSync(target, join(this.dir, 'node_modules', '@signalbox', name));
    }
  }

  /** Runs a program of `node_modules/.bin`, or `npm`, in a folder of the copy. */
  async run(
    folder: string,
    command: string,
    args: readonly string[],
    env: Environment = {},
  ): Promise<RunResult> {
    const bin = join(this.dir, 'node_modules', '.bin', command);
    const options = {
      cwd: join(this.dir, folder),
      env: inheritedEnvironment(env) as Record<string, string>,
      maxBuffer: 1 << 26,
      timeout: 400_000,
    };
    try {
      const { stdout, stderr } = await promisify(execFile)(
        existsSync(bin) ? bin : command,
        [...args],
        options,
      );
      return { code: 0, output: `${stdout}${stderr}` };
    } catch (error) {
      const { code, stdout, stderr } = error as { code?: number; stdout: string; stderr: string };
      return { code: code ?? 1, output: `${stdout}${stderr}` };
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private copy(path: string): void {
    const from = join(repositoryDir, path);
    if (!existsSync(from)) return; // deleted and not committed yet
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    copyFileSync(from, join(this.dir, path));
  }
}
