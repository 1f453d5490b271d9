import { SignalboxError } from '@signalbox/errors';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllowList, type AllowListEntry } from './allow-list.js';

const fileBytesMax = 1_048_576;

/** The allow-list as it stands in its file at the moment: looked at before every use, read again when it changed. */
export class AllowListFile {
  readonly path: string;
  #version = '';
  #entries: readonly AllowListEntry[] = [];

  /** Throws `config_invalid` when the file cannot be read or is malformed. */
  constructor(path: string) {
    this.path = resolve(path);
    this.entries();
  }

  /**
   * The entries. A file that was broken by an edit allows nothing, not what it allowed before: throws
   * `config_invalid` until it is mended.
   */
  entries(): readonly AllowListEntry[] {
    const version = this.#versionNow();
    if (version !== this.#version) {
      this.#entries = parseAllowList(readFileSync(this.path, 'utf8'));
      this.#version = version;
    }
    return this.#entries;
  }

  #versionNow(): string {
    try {
      const { mtimeNs, ino, size } = statSync(this.path, { bigint: true });
      if (size > BigInt(fileBytesMax)) throw new Error(`larger than ${fileBytesMax} bytes`);
      return `${ino}:${size}:${mtimeNs}`;
    } catch (error) {
      const message = `The allow-list ${this.path} cannot be read: ${(error as Error).message}`;
      throw new SignalboxError('config_invalid', message, {
        action: 'Let REMEDIATION_ALLOW_LIST name a readable file.',
      });
    }
  }
}
