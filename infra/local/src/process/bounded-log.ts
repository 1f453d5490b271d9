import { copyFileSync, renameSync, statSync, truncateSync } from 'node:fs';

/** A log and its one predecessor take at most about twice this many bytes. */
export const logBytesMax = 10 * 1024 * 1024;

/**
 * Moves the content of a log that has grown too long to `<path>.1`. The writer has the file open for appending, so it
 * goes on at the new end; lines written in the instant between copy and cut are lost. Returns whether it was cut.
 */
export function boundLog(path: string, bytesMax = logBytesMax): boolean {
  try {
    if (statSync(path).size <= bytesMax) return false;
    copyFileSync(path, `${path}.1.part`);
    renameSync(`${path}.1.part`, `${path}.1`);
    truncateSync(path, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
