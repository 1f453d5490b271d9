import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../net/ports.js';
import { defaultDataDir, storeDirs } from '../paths.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { startKafka, type KafkaOptions } from './kafka-server.js';
import type { KafkaProperties } from './properties.js';

const heapMb = 384;
const endMsMax = 60_000;

/** A broker of a cluster made for one test. */
export interface TestBroker {
  /** `node.id`, from 1 on: what metadata calls the leader of a partition. */
  readonly id: number;
  readonly address: string;
  readonly running: boolean;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Ends it in order, as an upgrade does; resolves when the process is gone. */
  end(): Promise<void>;
  /** Starts it again on its data and its port; resolves when it serves. */
  start(): Promise<void>;
  /** SIGSTOP: its connections stay open and nothing is answered, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

export interface TestCluster {
  readonly brokers: readonly TestBroker[];
  /** Addresses of all brokers, for clients. */
  readonly addresses: string[];
  /** Stops every broker and deletes the data. */
  stop(): Promise<void>;
}

export interface TestClusterOptions {
  /** Where a broker keeps its data, by its number; below the data folder of this checkout when left out. */
  readonly dirOf?: (id: number) => string | undefined;
}

class Broker implements TestBroker {
  private process: ManagedProcess | undefined;

  constructor(
    readonly id: number,
    private readonly options: KafkaOptions,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.options.port}`;
  }

  get running(): boolean {
    return this.process?.running ?? false;
  }

  async start(): Promise<void> {
    if (!this.running) this.process = await startKafka(this.options);
  }

  async kill(): Promise<void> {
    if (!this.process?.running) return;
    process.kill(this.process.identity.pid, 'SIGKILL');
    await this.process.exited;
  }

  async end(): Promise<void> {
    await this.process?.stop(endMsMax);
  }

  freeze(): void {
    if (this.process?.running) process.kill(this.process.identity.pid, 'SIGSTOP');
  }

  thaw(): void {
    if (this.process?.running) process.kill(this.process.identity.pid, 'SIGCONT');
  }
}

/**
 * A Kafka cluster of `size` brokers (1 to 9) with empty stores on free ports, every one of them also a controller. Topics are
 * replicated to all (at most 3) and acknowledged by all but one; no broker leads that is not in sync.
 * Throws `stack_unavailable` when one does not start.
 */
export async function testCluster(size: number, options: TestClusterOptions = {}): Promise<TestCluster> {
  const parent = join(defaultDataDir, 'test-clusters');
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, 'cluster-'));
  const ids = Array.from({ length: size }, (_, at) => at + 1);
  const ports = await Promise.all(
    ids.map(async (id) => ({ id, port: await freePort(), controllerPort: await freePort() })),
  );
  const voters = ports.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',');
  const brokers = ports.map(({ id, ...own }) => {
    const dirs = storeDirs(options.dirOf?.(id) ?? join(dir, `broker-${id}`));
    return new Broker(id, { ...own, dirs, heapMb, properties: clusterProperties(id, voters, size) });
  });
  const stop = async (): Promise<void> => {
    // All at once: a quorum that is gone would make the last one wait.
    await Promise.all(brokers.map((broker) => broker.kill()));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await Promise.all(brokers.map((broker) => broker.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers, addresses: brokers.map(({ address }) => address), stop };
}

/** What differs from the one broker of the local stack. */
export function clusterProperties(id: number, voters: string, size: number): KafkaProperties {
  const copies = Math.min(3, size);
  const inSync = Math.max(1, copies - 1);
  return {
    'node.id': id,
    'controller.quorum.voters': voters,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'unclean.leader.election.enable': false,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    // Elections and fencing in a test's time.
    'controller.quorum.election.timeout.ms': 1_000,
    'controller.quorum.fetch.timeout.ms': 1_500,
  };
}
