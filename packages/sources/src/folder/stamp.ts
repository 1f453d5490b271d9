import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Records of one folder. */
export const recordsMax = 1_000;

/** The records of a folder by file name, sorted; none when the folder is not there. */
export function recordFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))
      .sort()
      .slice(0, recordsMax);
  } catch {
    return [];
  }
}

/** Changes whenever one of these files is written, replaced, made or removed. */
export function stampOf(folder: string, more: readonly string[]): string {
  const files = [...recordFiles(folder).map((name) => join(folder, name)), ...more];
  return files.map((file) => `${file}:${stampOfFile(file)}`).join('\n');
}

function stampOfFile(file: string): string {
  try {
    const { mtimeNs, ino, size } = statSync(file, { bigint: true });
    return `${ino}:${size}:${mtimeNs}`;
  } catch {
    return 'none';
  }
}
