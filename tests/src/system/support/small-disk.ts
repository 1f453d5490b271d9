import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const block = Buffer.alloc(65_536);
const blockBytesMin = 4_096;

/** A disk of a few hundred megabytes that can be filled to the last byte: a tmpfs, which root may mount. */
export class SmallDisk {
  private constructor(readonly dir: string) {}

  /** Throws when this user may not mount. */
  static mount(megabytes: number): SmallDisk {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'signalbox-test', dir], {
        stdio: 'pipe',
      });
    } catch (cause) {
      rmSync(dir, { recursive: true });
      throw new Error('A disk that can be full is a tmpfs: run this as root.', { cause });
    }
    chmodSync(dir, 0o755); // a server may run as a user of its own
    return new SmallDisk(dir);
  }

  /** Takes every byte that is left. */
  fill(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (let bytes = block.length; bytes >= blockBytesMin;) {
        try {
          writeSync(file, block, 0, bytes);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          bytes /= 2;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.dir], { stdio: 'pipe' });
    rmSync(this.dir, { recursive: true });
  }

  private get ballast(): string {
    return join(this.dir, 'ballast');
  }
}
