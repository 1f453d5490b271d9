import {
  freePort,
  startKafka,
  storeDirs,
  type KafkaOptions,
  type ManagedProcess,
} from '@signalbox/local-stack';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Link } from './link.js';

const endMsMax = 10_000;

/** A broker that one test may kill, with a listener of its own for each link that leads to it. */
export class OwnKafka {
  private constructor(
    private server: ManagedProcess,
    private readonly options: KafkaOptions,
    private readonly dir: string,
  ) {}

  /** Clients that begin at a link stay on it: its listener names the link's port as the broker's. */
  static async start(links: readonly Link[]): Promise<OwnKafka> {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-kafka-'));
    const [port, controllerPort] = [await freePort(), await freePort()];
    const led: { name: string; port: number; link: Link }[] = [];
    for (const [at, link] of links.entries()) led.push({ name: `LINK${at}`, port: await freePort(), link });
    for (const { link, port: own } of led) link.leadTo(own);
    const list = (entries: readonly string[]): string => entries.join(',');
    const names = ['PLAINTEXT', 'CONTROLLER', ...led.map(({ name }) => name)];
    const properties = {
      listeners: list([
        `PLAINTEXT://127.0.0.1:${port}`,
        `CONTROLLER://127.0.0.1:${controllerPort}`,
        ...led.map(({ name, port: own }) => `${name}://127.0.0.1:${own}`),
      ]),
      'advertised.listeners': list([
        `PLAINTEXT://127.0.0.1:${port}`,
        ...led.map(({ name, link }) => `${name}://127.0.0.1:${link.port}`),
      ]),
      'listener.security.protocol.map': list(names.map((name) => `${name}:PLAINTEXT`)),
    };
    const options = { dirs: storeDirs(dir), port, controllerPort, heapMb: 512, properties };
    return new OwnKafka(await startKafka(options), options, dir);
  }

  /** Past every link. */
  get address(): string {
    return `127.0.0.1:${this.options.port}`;
  }

  /** kill -9, and a new start on the same data; resolves when it serves again. */
  async killAndStart(): Promise<void> {
    process.kill(this.server.identity.pid, 'SIGKILL');
    await this.server.exited;
    this.server = await startKafka(this.options);
  }

  async stop(): Promise<void> {
    await this.server.stop(endMsMax);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
