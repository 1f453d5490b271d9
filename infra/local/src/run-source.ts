import { join } from 'node:path';
import { repositoryDir } from './paths.js';

/** Node's flags that run TypeScript of this repository from source, other workspaces included. */
export const sourceFlags: readonly string[] = [
  '--conditions=@signalbox/source',
  '-r',
  join(repositoryDir, 'infra', 'register-source.cjs'),
];

/** Flags and file to run a sibling of `fromFilename` in a process of its own, from source or from the build. */
export function entryArgs(fromFilename: string, entry: string): string[] {
  return fromFilename.endsWith('.ts') ? [...sourceFlags, `${entry}.ts`] : [`${entry}.js`];
}
