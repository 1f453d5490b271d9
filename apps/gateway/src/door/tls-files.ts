import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { SignalboxError } from '@signalbox/errors';

export interface TlsPaths {
  readonly certificatePath: string;
  readonly keyPath: string;
}

/** What a TLS server is made of. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate and its key in PEM files, which whoever renews them replaces while the gateway runs. */
export class TlsFiles {
  /** How the files looked when they were last read well. */
  private seen = '';

  constructor(private readonly paths: TlsPaths) {}

  /** Reads both. Throws `config_invalid` when they cannot be read or do not belong together. */
  read(): TlsPair {
    const looks = this.looks();
    try {
      const pair = { cert: readFileSync(this.paths.certificatePath), key: readFileSync(this.paths.keyPath) };
      createSecureContext(pair);
      this.seen = looks;
      return pair;
    } catch (cause) {
      const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'they are no PEM files';
      const { certificatePath, keyPath } = this.paths;
      const message = `${certificatePath} and ${keyPath} cannot be used for TLS: ${why}.`;
      throw new SignalboxError('config_invalid', message, { cause });
    }
  }

  /** True when a file differs from what was last read; also while a bad pair lies there. */
  changed(): boolean {
    return this.looks() !== this.seen;
  }

  private looks(): string {
    return [this.paths.certificatePath, this.paths.keyPath].map(lookOf).join(' ');
  }
}

function lookOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.ino}-${stat.size}-${stat.mtimeMs}` : 'gone';
}
