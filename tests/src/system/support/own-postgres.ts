import { createDatabase } from '@signalbox/agent-kit-postgres';
import {
  freePort,
  localDatabaseUrl,
  startPostgres,
  storeDirs,
  type ManagedProcess,
  type PostgresOptions,
} from '@signalbox/local-stack';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const endMsMax = 10_000;

/** A PostgreSQL that one test may kill. */
export class OwnPostgres {
  private constructor(
    private server: ManagedProcess,
    private readonly dir: string,
    private readonly options: PostgresOptions,
    readonly databaseUrl: string,
  ) {}

  /** Keeps its data in a folder of its own below `parent`. */
  static async start(parent = tmpdir(), settings: PostgresOptions['settings'] = {}): Promise<OwnPostgres> {
    const dir = mkdtempSync(join(parent, 'signalbox-postgres-'));
    chmodSync(dir, 0o755); // the server may run as a user of its own
    const options = { dirs: storeDirs(dir), port: await freePort(), settings };
    const server = await startPostgres(options);
    return new OwnPostgres(
      server,
      dir,
      options,
      await createDatabase(localDatabaseUrl(options.port), 'faults'),
    );
  }

  get port(): number {
    return this.options.port;
  }

  get running(): boolean {
    return this.server.running;
  }

  /** What the server has said so far. */
  get log(): string {
    return readFileSync(join(this.options.dirs.logsDir, 'postgres.log'), 'utf8');
  }

  /** kill -9, and a new start on the same data; resolves when it takes connections again. */
  async killAndStart(): Promise<void> {
    if (this.running) process.kill(this.server.identity.pid, 'SIGKILL');
    await this.server.exited;
    this.server = await startPostgres(this.options);
  }

  async stop(): Promise<void> {
    await this.server.stop(endMsMax);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
