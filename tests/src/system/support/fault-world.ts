import { inheritedEnvironment } from '@signalbox/config';
import { SeededRandom } from '@signalbox/test-kit';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertLoad, type AlertLoadOptions } from './alert-load.js';
import { AppProcess } from './app-process.js';
import { AgentTables } from './drain.js';
import { messages, pages } from './effects.js';
import { law, nothing, say } from './law.js';
import { OwnKafka } from './own-kafka.js';
import { OwnPostgres } from './own-postgres.js';
import { passed } from './passed.js';
import { Side } from './side.js';
import { System } from './system.js';

const apps = ['gateway', 'agent-ops', 'notifier'];
const senders = 4;
/** L7: from the end of a fault to the first acceptance, and from the end of the load to the end of all work. */
const firstAcceptedMsMax = 15_000;
const drainMsMax = 120_000;
const seedMax = 1_000_000;

/** Something that goes wrong; resolves when it is over, or to when it was (milliseconds since 1970). */
export type Fault = (world: FaultWorld) => Promise<void | number>;

/**
 * The way of an alert from the gateway through two processes of one agent and a connector to a page, on a Kafka and a
 * PostgreSQL of their own, with a link before each store and a clock that can be set. The second process has its own side.
 */
export class FaultWorld {
  /** The same seed draws the same faults: `SIGNALBOX_FAULT_SEED`. */
  readonly seed = Number(inheritedEnvironment()['SIGNALBOX_FAULT_SEED'] ?? randomInt(seedMax));
  readonly random = new SeededRandom(this.seed);
  private readonly loads: AlertLoad[] = [];

  private constructor(
    readonly system: System,
    readonly kafka: OwnKafka,
    readonly postgres: OwnPostgres,
    readonly sides: { readonly all: Side; readonly second: Side },
    readonly tables: AgentTables,
    /** Another process of agent-ops: two owners, two relays of one outbox. */
    public second: AppProcess,
    private readonly dir: string,
  ) {
    say({ seed: this.seed });
  }

  /** `prepared`: a PostgreSQL of the test's own making, which the world stops in the end. */
  static async start(prepared?: OwnPostgres): Promise<FaultWorld> {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-faults-'));
    const sides = { all: await Side.start(dir, 'all'), second: await Side.start(dir, 'second') };
    const postgres = prepared ?? (await OwnPostgres.start());
    const { databaseUrl, port } = postgres;
    for (const side of [sides.all, sides.second]) side.postgres.leadTo(port);
    const kafka = await OwnKafka.start([sides.all.kafka, sides.second.kafka]);
    const system = await System.start(apps, sides.all.environment(databaseUrl), {
      kafkaBrokers: [kafka.address],
    });
    const { connection } = system.installation;
    const tables = new AgentTables({ databaseUrl, connection }, ['ops', 'notifier']);
    const second = await startSecond(system, sides.second, databaseUrl);
    return new FaultWorld(system, kafka, postgres, sides, tables, second, dir);
  }

  async stop(): Promise<void> {
    for (const side of [this.sides.all, this.sides.second]) side.heal();
    await this.second.end('SIGKILL');
    await this.tables.close();
    await this.system.stop();
    await Promise.all([this.sides.all.close(), this.sides.second.close()]);
    await Promise.all([this.kafka.stop(), this.postgres.stop()]);
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Every process of ours. */
  get processes(): readonly AppProcess[] {
    return [...apps.map((name) => this.system.app(name)), this.second];
  }

  async restartSecond(signal: NodeJS.Signals): Promise<void> {
    await this.second.end(signal);
    this.second = await startSecond(this.system, this.sides.second, this.postgres.databaseUrl);
  }

  /** Another process of agent-ops on the second's side that nobody waits for. */
  guest(): AppProcess {
    const { databaseUrl } = this.postgres;
    return AppProcess.spawn('agent-ops', {
      ...this.system.environment(),
      ...this.sides.second.environment(databaseUrl),
    });
  }

  /** A whole number of milliseconds from `least` to below `most`. */
  msBetween(least: number, most: number): number {
    return least + this.random.below(most - least);
  }

  /** Sends load while `fault` happens again and again; nothing may be lost or done twice, and all of it without a hand. */
  async holds(
    name: string,
    times: number,
    fault: Fault,
    more: Partial<AlertLoadOptions> = {},
  ): Promise<void> {
    const load = new AlertLoad(this.system, { name, senders, ...more });
    this.loads.push(load);
    const healedMs: number[] = [];
    try {
      for (let n = 0; n < times; n += 1) {
        await passed(this.msBetween(1_000, 3_000), 'the next fault');
        const atMs = await fault(this);
        healedMs.push(atMs ?? Date.now());
      }
      await passed(this.msBetween(1_000, 3_000), 'a while without a fault');
    } finally {
      await load.stop();
    }
    await this.recovered(name, load, healedMs);
  }

  /** As `holds`, and every process is still the same one. */
  async survives(
    name: string,
    times: number,
    fault: Fault,
    more: Partial<AlertLoadOptions> = {},
  ): Promise<void> {
    const pids = this.processes.map(({ pid }) => pid);
    await this.holds(name, times, fault, more);
    expect(this.processes.map(({ pid }) => pid)).toEqual(pids);
    expect(this.processes.filter(({ running }) => !running).map(({ output }) => output)).toEqual([]);
  }

  private async recovered(name: string, load: AlertLoad, healedMs: readonly number[]): Promise<void> {
    const endMs = Date.now();
    await this.tables.drained(drainMsMax);
    const drainedMs = Date.now() - endMs;
    const restoredMs = healedMs.map((ms) => load.firstAfterMs(ms));
    const repeats = { pages: pages(this.system).repeats, messages: messages(this.system).repeats };
    const { accepted, refusals } = load;
    say({ name, accepted: accepted.length, refusals: [...refusals], repeats, drainedMs, restoredMs });
    expect(await law(this.system, this.tables, this.loads, [this.kafka.address])).toEqual(nothing);
    expect(Math.max(...restoredMs)).toBeLessThan(firstAcceptedMsMax);
  }
}

const startSecond = (system: System, side: Side, databaseUrl: string): Promise<AppProcess> =>
  AppProcess.start('agent-ops', { ...system.environment(), ...side.environment(databaseUrl) });
