import { SignalboxError } from '@signalbox/errors';
import {
  SourceFolder,
  type FolderContent,
  type FolderPlaces,
  type ReadySource,
  type SourceProblem,
} from '@signalbox/sources';
import type { Logger } from '@signalbox/observability';

/** How often the files are looked at, in milliseconds. */
const lookEveryMs = 1_000;

/**
 * The sources as their files are now. A record or a secret that changes counts within a second; one that becomes bad is
 * reported and the source stays as it last was.
 */
export class SourceBook {
  private readonly folder: SourceFolder;
  private byPath: ReadonlyMap<string, ReadySource> = new Map();
  private bad: readonly SourceProblem[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    places: FolderPlaces,
    private readonly logger: Logger,
  ) {
    this.folder = new SourceFolder(places);
  }

  /** The source at an address, or undefined. */
  at(path: string): ReadySource | undefined {
    return this.byPath.get(path);
  }

  get sources(): readonly ReadySource[] {
    return [...this.byPath.values()];
  }

  named(name: string): ReadySource | undefined {
    return this.sources.find((source) => source.name === name);
  }

  /** Records that could not be used when they were last read. */
  get problems(): readonly SourceProblem[] {
    return this.bad;
  }

  /** Reads all records. Throws `config_invalid` that names every bad one: a start with half the sources would go unseen. */
  open(): void {
    const content = this.folder.read();
    this.take(content);
    if (content.problems.length === 0) return;
    const lines = content.problems.map(({ file, error }) => `  ${named(file, error.message)}`);
    throw new SignalboxError(
      'config_invalid',
      `There are sources that cannot be used:\n${lines.join('\n')}`,
      {
        pointers: content.problems.flatMap(({ error }) => error.pointers),
      },
    );
  }

  /** Looks at the files from now on, every second. */
  watch(): void {
    this.timer = setInterval(() => this.look(), lookEveryMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Reads the records again when a file changed; true when it did. */
  look(): boolean {
    if (!this.folder.changed()) return false;
    const content = this.folder.read();
    this.take(content);
    for (const { file, error, kept } of content.problems) {
      const what = kept
        ? 'a source stays as it was: its record is bad'
        : 'a source is left out: its record is bad';
      this.logger.error({ file, code: error.code, reason: error.message, action: error.action }, what);
    }
    this.logger.info(
      { sources: content.sources.map(({ name, path }) => `${name} ${path}`) },
      'sources read again',
    );
    return true;
  }

  private take({ sources, problems }: FolderContent): void {
    this.byPath = new Map(sources.map((source) => [source.path, source]));
    this.bad = problems;
  }
}

const named = (file: string, message: string): string =>
  message.startsWith(file) ? message : `${file}: ${message}`;
