import { createDatabase } from '@signalbox/agent-kit-postgres';
import {
  freePort,
  localDatabaseUrl,
  startPostgres,
  storeDirs,
  type ManagedProcess,
} from '@signalbox/local-stack';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const endMsMax = 10_000;

/** A PostgreSQL that one test may kill. */
export class OwnPostgres {
  private constructor(
    private server: ManagedProcess,
    private readonly dir: string,
    private readonly port: number,
    readonly databaseUrl: string,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-postgres-'));
    chmodSync(dir, 0o755); // the server may run as a user of its own
    const port = await freePort();
    const server = await startPostgres({ dirs: storeDirs(dir), port });
    return new OwnPostgres(server, dir, port, await createDatabase(localDatabaseUrl(port), 'faults'));
  }

  /** kill -9, and a new start on the same data; resolves when it takes connections again. */
  async killAndStart(): Promise<void> {
    process.kill(this.server.identity.pid, 'SIGKILL');
    await this.server.exited;
    this.server = await startPostgres({ dirs: storeDirs(this.dir), port: this.port });
  }

  async stop(): Promise<void> {
    await this.server.stop(endMsMax);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
