import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from './paths.js';

/** What is used here of a package in npm's lock file. */
export interface LockedPackage {
  /** A workspace; `resolved` is its folder. */
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Packages by the folder in which npm puts them. */
export type Lock = Readonly<Record<string, LockedPackage>>;

/** Not part of what is shipped; packages inside a package have entries of their own. */
const notShipped = new Set(['node_modules', '.turbo', '.jest-results.json']);

/** The folders that are there after `npm ci --omit=dev` of some folders and packages: theirs, and all they depend on. */
export function productionFolders(lock: Lock, roots: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  const open = [...roots];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    for (const name of neededBy(lock[folder] ?? {})) {
      const found = resolve(lock, folder, name);
      if (found !== undefined) open.push(found);
    }
  }
  return folders;
}

function neededBy(one: LockedPackage): string[] {
  const peers = Object.keys(one.peerDependencies ?? {});
  return [
    ...Object.keys(one.dependencies ?? {}),
    ...Object.keys(one.optionalDependencies ?? {}),
    ...peers.filter((name) => one.peerDependenciesMeta?.[name]?.optional !== true),
  ];
}

/** As Node looks for a package: in the folder's own node_modules, then in those further up. */
function resolve(lock: Lock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const found = lock[place];
    if (found) return found.link ? found.resolved : place;
    if (folder === '') return undefined;
  }
}

/** Bytes of the files in a folder, packages inside it left out; 0 when there is no such folder. */
function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (notShipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += folderBytes(path);
    else if (entry.isFile()) bytes += statSync(path).size;
  }
  return bytes;
}

/** Megabytes of a production installation of some folders and packages, as it lies in this checkout. */
export function installMb(roots: readonly string[], leftOut: readonly string[] = []): number {
  const { packages } = JSON.parse(readFileSync(join(repositoryDir, 'package-lock.json'), 'utf8')) as {
    packages: Lock;
  };
  let bytes = 0;
  for (const folder of productionFolders(packages, roots)) {
    if (leftOut.some((start) => folder.startsWith(start))) continue;
    // Optional packages of other platforms are in the lock file and not here.
    const path = join(repositoryDir, folder);
    if (statSync(path, { throwIfNoEntry: false })) bytes += folderBytes(path);
  }
  return bytes / 2 ** 20;
}

/** Folders of the workspaces that the image holds. */
export function imageRoots(): string[] {
  const within = (dir: string): string[] =>
    readdirSync(join(repositoryDir, dir), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${dir}/${name}`);
  return [...within('packages'), ...within('apps'), ...within('infra')];
}
