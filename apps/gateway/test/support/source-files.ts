import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of records and secrets for one gateway of a test. */
export class SourceFiles {
  private readonly root = mkdtempSync(join(tmpdir(), 'sources-'));
  readonly sourcesDir = join(this.root, 'records');
  readonly secretsDir = join(this.root, 'secrets');

  constructor() {
    mkdirSync(this.sourcesDir);
    mkdirSync(this.secretsDir);
  }

  /** The settings of a gateway that reads them. */
  get env(): Readonly<Record<string, string>> {
    return { SOURCES_DIR: this.sourcesDir, SOURCE_SECRETS_DIR: this.secretsDir };
  }

  /** Writes a record at once, as an editor that replaces files does. */
  record(name: string, ...lines: readonly string[]): void {
    this.write(join(this.sourcesDir, `${name}.yaml`), [`name: ${name}`, ...lines].join('\n'));
  }

  secret(file: string, value: string): void {
    this.write(join(this.secretsDir, file), `${value}\n`);
  }

  remove(name: string): void {
    rmSync(join(this.sourcesDir, `${name}.yaml`));
  }

  dispose(): void {
    rmSync(this.root, { recursive: true });
  }

  private write(path: string, text: string): void {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}
