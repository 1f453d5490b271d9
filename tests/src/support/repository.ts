import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Absolute path of the repository's root. */
export const root = resolve(__dirname, '../../..');

/** Files of the repository as git knows them, relative to the root: tracked ones that are still there. */
export function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const gone = execFileSync('git', ['ls-files', '-z', '--deleted'], { cwd: root, encoding: 'utf8' }).split(
    '\0',
  );
  return listed.split('\0').filter((path) => path !== '' && !gone.includes(path));
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

export interface PackageJson {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

export interface Workspace {
  /** Relative to the root, with `/`. */
  readonly folder: string;
  readonly manifest: PackageJson;
}

export const readManifest = (folder: string): PackageJson =>
  JSON.parse(readText(join(folder, 'package.json'))) as PackageJson;

/** Every workspace that git tracks. */
export function workspaces(): Workspace[] {
  return trackedFiles()
    .filter((path) =>
      /^(packages|apps)\/[^/]+\/package\.json$|^(infra\/local|tests|bench)\/package\.json$/.test(path),
    )
    .map((path) => ({ folder: dirname(path), manifest: readManifest(dirname(path)) }));
}
