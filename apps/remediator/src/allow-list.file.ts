import { SignalboxError } from '@signalbox/errors';
import { readFileSync, statSync, type BigIntStats } from 'node:fs';
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
    const { mtimeNs, ino, size } = this.#stat();
    if (size > BigInt(fileBytesMax)) throw this.#unreadable(`it is larger than ${fileBytesMax} bytes`);
    return `${ino}:${size}:${mtimeNs}`;
  }

  #stat(): BigIntStats {
    try {
      return statSync(this.path, { bigint: true });
    } catch (error) {
      throw this.#unreadable((error as Error).message);
    }
  }

  #unreadable(why: string): SignalboxError {
    return new SignalboxError('config_invalid', `The allow-list ${this.path} cannot be read: ${why}`, {
      action: 'Let REMEDIATION_ALLOW_LIST name a readable file.',
    });
  }
}
