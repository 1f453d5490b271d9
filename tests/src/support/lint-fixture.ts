import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { root } from './repository.js';

/** One small file and the rule that must object to it; without a rule none may. */
export interface LintCase {
  readonly in: string;
  readonly code: string;
  readonly breaks?: string;
}

interface LintResult {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

/** Files with mistakes in a temporary folder, linted with the repository's own configuration. */
export class LintFixture {
  private readonly folder = mkdtempSync(join(tmpdir(), 'signalbox-lint-'));

  constructor() {
    this.write(
      'tsconfig.json',
      JSON.stringify({
        extends: join(root, 'tsconfig.base.json'),
        include: ['**/*.ts'],
        compilerOptions: { noEmit: true },
      }),
    );
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  write(path: string, text: string): void {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Names of the broken rules for each file. */
  async lint(): Promise<Map<string, string[]>> {
    const bin = join(root, 'node_modules/eslint/bin/eslint.js');
    const args = [bin, '--config', join(root, 'eslint.config.mjs'), '--format', 'json', '.'];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: this.folder,
      maxBuffer: 1 << 26,
    }).catch((error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => {
      if (error.code !== 1) throw new Error(`eslint ended with ${error.code}: ${error.stderr}`);
      return error;
    });
    return new Map(
      (JSON.parse(stdout) as LintResult[]).map(({ filePath, messages }) => [
        relative(this.folder, filePath),
        messages.map(({ ruleId, message }) => ruleId ?? message),
      ]),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
