import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDataDir } from '../paths.js';

const made: string[] = [];

/** A folder for one test file, below `.signalbox` because PostgreSQL's account can reach that. */
export function temporaryDir(name: string): string {
  const parent = join(defaultDataDir, 'test-dirs');
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, `${name}-`));
  chmodSync(dir, 0o755);
  made.push(dir);
  return dir;
}

/** For `afterAll`. */
export function removeTemporaryDirs(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}
