import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { readSource } from '../record/read-source.js';
import type { Source } from '../record/source.js';
import type { SecretReference } from '../record/secret-reference.js';
import { secretFile, type SecretPlaces } from '../secrets/resolve-secrets.js';
import { readySource, type ReadySource } from './ready-source.js';
import { asProblem } from './read-records.js';
import { recordFiles, stampOf } from './stamp.js';

export interface FolderPlaces extends SecretPlaces {
  /** Folder of the records. */
  readonly sourcesDir: string;
}

/** A record that could not be used. */
export interface SourceProblem {
  /** Name of the file in the folder. */
  readonly file: string;
  readonly error: SignalboxError;
  /** The source goes on as it last was; false: it has none that was good. */
  readonly kept: boolean;
}

export interface FolderContent {
  /** By name, sorted. */
  readonly sources: readonly ReadySource[];
  readonly problems: readonly SourceProblem[];
}

/** The records of a folder, with secrets. A record that becomes bad keeps the source as it last was. */
export class SourceFolder {
  private readonly good = new Map<string, ReadySource>();
  private secretFiles: readonly string[] = [];
  private stamp = '';

  constructor(private readonly places: FolderPlaces) {}

  /** True when a record or a file with a secret is another one than at the last `read`. Looks at every file's time and size. */
  changed(): boolean {
    return stampOf(this.places.sourcesDir, this.secretFiles) !== this.stamp;
  }

  /** Reads all of it. Never throws: what is wrong is in `problems`. */
  read(): FolderContent {
    const { sourcesDir } = this.places;
    const files = recordFiles(sourcesDir);
    const before = stampOf(sourcesDir, this.secretFiles);
    const problems: SourceProblem[] = [];
    const secretFiles = new Set<string>();
    for (const file of this.good.keys()) if (!files.includes(file)) this.good.delete(file);
    const taken = new Map<string, string>();
    for (const file of files) {
      try {
        const source = this.readOne(file, secretFiles);
        const other = taken.get(source.path);
        if (other !== undefined) throw twice(file, other, source);
        this.good.set(file, source);
      } catch (error) {
        // Its old address may be another's by now: that one is good.
        if (taken.has(this.good.get(file)?.path ?? '')) this.good.delete(file);
        problems.push({ file, error: asProblem(error, file), kept: this.good.has(file) });
      }
      const { path } = this.good.get(file) ?? {};
      if (path !== undefined) taken.set(path, file);
    }
    const isSame = sameFiles(this.secretFiles, secretFiles);
    this.secretFiles = [...secretFiles];
    // A file that changed while it was read is read again at the next look.
    this.stamp = isSame ? before : stampOf(sourcesDir, this.secretFiles);
    const sources = [...this.good.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { sources, problems };
  }

  private readOne(file: string, secretFiles: Set<string>): ReadySource {
    const source = readSource(readFileSync(join(this.places.sourcesDir, file), 'utf8'), file);
    for (const path of filesOf(source, this.places)) secretFiles.add(path);
    return readySource(source, this.places);
  }
}

function filesOf({ references = [], verifyTokens }: Source, places: FolderPlaces): string[] {
  return [...references, ...verifyTokens].flatMap((reference: SecretReference) =>
    'file' in reference ? [secretFile(reference.file, places)] : [],
  );
}

const sameFiles = (before: readonly string[], now: ReadonlySet<string>): boolean =>
  before.length === now.size && before.every((file) => now.has(file));

function twice(file: string, other: string, { path }: Source): SignalboxError {
  const message = `path ${path} is already that of ${other}`;
  return new SignalboxError('config_invalid', `${file}: ${message}`, {
    pointers: [{ pointer: file, message }],
  });
}
