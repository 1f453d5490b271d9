import { repositoryDir } from '@signalbox/local-stack';
import { eventually } from '@signalbox/test-kit';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opsPath } from './seeds.js';
import type { System } from './system.js';

const record = 'ops-alert.yaml';
/** A body that no schema takes: it tells whether a secret is known without making an event. */
const nonsense = Buffer.from('{}');

/** The secret of the monitors of a running gateway, changed as its README says: both for a while, then the new one alone. */
export class RotatingSecret {
  /** What the sender signs with. */
  current = 'monitors-secret-1';
  /** How the gateway answered each old secret after its end. */
  readonly refusals: number[] = [];
  private number = 1;

  private constructor(
    private readonly system: System,
    private readonly dir: string,
    private readonly usual: string,
  ) {}

  /** Starts the gateway anew, with sources of its own. */
  static async of(system: System): Promise<RotatingSecret> {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-rotation-'));
    cpSync(join(repositoryDir, 'infra', 'sources'), join(dir, 'records'), { recursive: true });
    mkdirSync(join(dir, 'secrets'));
    const rotating = new RotatingSecret(system, dir, readFileSync(join(dir, 'records', record), 'utf8'));
    rotating.accept([1]);
    await system.app('gateway').end('SIGTERM');
    const gateway = await system.launch('gateway', {
      SOURCES_DIR: join(dir, 'records'),
      SOURCE_SECRETS_DIR: join(dir, 'secrets'),
    });
    await gateway.ready();
    return rotating;
  }

  /** The gateway learns the next secret, the sender takes it, the gateway forgets the one before. */
  async rotate(): Promise<void> {
    const old = this.current;
    this.number += 1;
    const next = `monitors-secret-${this.number}`;
    this.accept([this.number - 1, this.number]);
    await this.untilStatus(next, 422);
    this.current = next;
    this.accept([this.number]);
    this.refusals.push(await this.untilStatus(old, 403));
  }

  /** The gateway as it was. */
  async dispose(): Promise<void> {
    await this.system.app('gateway').end('SIGTERM');
    await (await this.system.launch('gateway')).ready();
    rmSync(this.dir, { recursive: true });
  }

  private accept(numbers: readonly number[]): void {
    for (const n of numbers) this.write(join('secrets', `monitors-${n}`), `monitors-secret-${n}\n`);
    const secrets = numbers.map((n) => `{ file: monitors-${n}, keyId: v${n} }`).join(', ');
    this.write(join('records', record), `${this.usual}secrets: [${secrets}]\n`);
  }

  private untilStatus(secret: string, wanted: number): Promise<number> {
    return eventually(
      async () => (await this.system.post(opsPath, nonsense, secret)).status,
      (status) => status === wanted,
      `answer ${wanted}`,
    );
  }

  /** At once, as an editor that replaces files does. */
  private write(name: string, text: string): void {
    const path = join(this.dir, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}
