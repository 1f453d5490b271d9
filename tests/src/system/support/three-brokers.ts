import { serviceDown } from '@signalbox/contracts';
import {
  testCluster,
  type TestBroker,
  type TestCluster,
  type TestClusterOptions,
} from '@signalbox/local-stack';
import { eventually } from '@signalbox/test-kit';
import { AlertLoad } from './alert-load.js';
import { AgentTables } from './drain.js';
import { messages, pages } from './effects.js';
import { inSyncEverywhere } from './in-sync.js';
import { describeTopic } from './kafka-tools.js';
import { law, nothing, say } from './law.js';
import { System } from './system.js';

const apps = ['gateway', 'agent-ops', 'notifier'];
/** L7: from the end of a fault to the first acceptance, and to the end of all work. */
const firstAcceptedMsMax = 15_000;
const drainMsMax = 120_000;

/** Three brokers, three copies, two of them in sync, and the way of an alert through them to a page. */
export class ThreeBrokers {
  private readonly loads: AlertLoad[] = [];

  private constructor(
    readonly cluster: TestCluster,
    readonly system: System,
    private readonly tables: AgentTables,
  ) {}

  static async start(options: TestClusterOptions = {}): Promise<ThreeBrokers> {
    const cluster = await testCluster(3, options);
    try {
      const kafka = { kafkaBrokers: cluster.addresses, replication: 3 };
      const system = await System.start(apps, {}, kafka);
      return new ThreeBrokers(cluster, system, new AgentTables(system.installation, ['ops', 'notifier']));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const broker of this.cluster.brokers) broker.thaw();
    await this.tables.close();
    await this.system.stop();
    await this.cluster.stop();
  }

  /** The alerts' topic by its name in Kafka. */
  get topic(): string {
    return `${this.system.installation.connection.namespace}.${serviceDown.topic}`;
  }

  /** Who leads a partition now, once every copy is in sync. */
  async leader(partition: number): Promise<TestBroker> {
    const places = await inSyncEverywhere(this.cluster, this.topic);
    const id = places.find((place) => place.partition === partition)?.leader;
    const broker = this.cluster.brokers.find((one) => one.id === id);
    if (!broker) throw new Error(`nobody leads partition ${partition}`);
    return broker;
  }

  /** Waits until the others see no partition led by it. */
  async deposed({ id, address }: TestBroker): Promise<void> {
    const others = this.cluster.addresses.filter((one) => one !== address);
    await eventually(
      () => describeTopic(others, this.topic),
      (places) => places.every(({ leader }) => leader !== 0 && leader !== id),
      'other leaders',
      drainMsMax,
    );
  }

  async inSync(): Promise<void> {
    await inSyncEverywhere(this.cluster, this.topic);
  }

  /**
   * Sends load while `faults` does its worst, then checks that the law holds, that everything recovered by itself and in
   * time, and that the same processes are still there. `faults` resolves to the moments from which on it should work;
   * `acceptedMsMax` is for a machine that does other work as well.
   */
  async holds(
    name: string,
    senders: number,
    faults: (load: AlertLoad) => Promise<readonly number[]>,
    acceptedMsMax = firstAcceptedMsMax,
  ): Promise<void> {
    const pids = apps.map((app) => this.system.app(app).pid);
    const load = new AlertLoad(this.system, { name, senders });
    this.loads.push(load);
    const healedMs = await faults(load).finally(() => load.stop());
    const endMs = Date.now();
    await this.tables.drained(drainMsMax);
    const drainedMs = Date.now() - endMs;
    const restoredMs = healedMs.map((momentMs) => load.firstAfterMs(momentMs));
    const { accepted, refusals } = load;
    say({ name, accepted: accepted.length, refusals: [...refusals], drainedMs, restoredMs });
    expect(await law(this.system, this.tables, this.loads, this.cluster.addresses)).toEqual(nothing);
    expect([pages(this.system).repeats, messages(this.system).repeats]).toEqual([0, 0]);
    expect(Math.max(...restoredMs)).toBeLessThan(acceptedMsMax);
    expect(apps.map((app) => this.system.app(app).pid)).toEqual(pids);
    expect(apps.every((app) => this.system.app(app).running)).toBe(true);
  }
}
