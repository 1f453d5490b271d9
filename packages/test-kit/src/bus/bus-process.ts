import { AgentRuntime, type AgentDefinition, type AgentStatus, type Registry } from '@signalbox/agent-kit';
import { lostCall, undo, type CallFault } from '../faults/call-fault.js';
import { callsThrough, gatedStore, type Gate } from '../faults/gate.js';
import { repeatingProducer } from '../faults/repeating-producer.js';
import type { MemoryBroker } from '../memory/memory-broker.js';
import { MemoryConsumer } from '../memory/memory-consumer.js';
import type { MemoryDatabase } from '../memory/memory-database.js';
import { MemoryInspector } from '../memory/memory-inspector.js';
import { MemoryProducer } from '../memory/memory-producer.js';
import { MemoryStore } from '../memory/memory-store.js';
import { MemoryUpkeep } from '../memory/memory-upkeep.js';
import type { SeededRandom } from '../memory/seeded-random.js';

/** Records of one fetch, at most: small, so that a story takes several chunks. */
const BATCH_RECORDS_MAX = 4;

/** One call of a port that is about to be made. */
export interface PortCall {
  readonly agent: string;
  /** Port and method, e.g. `tx.commit`. */
  readonly point: string;
  /** The port it is made on: the same object for all calls of one transaction. */
  readonly target: object;
  readonly args: readonly unknown[];
}

/** Decides what becomes of each call; undefined: it is made. */
export type CallFaults = (call: PortCall) => CallFault | undefined;

/** What the processes of a bus share. */
export interface BusGround {
  readonly broker: MemoryBroker;
  readonly random: SeededRandom;
  readonly faults: CallFaults;
  /** Whether every record is written twice. */
  readonly isRepeated: boolean;
  /** The agents' time, in milliseconds since 1970. */
  agentNowMs(): number;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One process of an agent: the real runtime on ports in memory, which may lose calls and may die at any of them. */
export class BusProcess implements Gate {
  isDead = false;
  private readonly consumer: MemoryConsumer;
  private readonly runtime: AgentRuntime;
  private readonly instance: string;

  constructor(
    private readonly agent: AgentDefinition,
    private readonly database: MemoryDatabase,
    private readonly ground: BusGround,
    private readonly onDeath: (why?: unknown) => void,
  ) {
    const { broker, random, isRepeated } = ground;
    const instance = (this.instance = random.uuid());
    this.consumer = new MemoryConsumer(broker, { batchSize: () => 1 + random.below(BATCH_RECORDS_MAX) });
    const producer = new MemoryProducer(broker);
    this.runtime = new AgentRuntime(agent, {
      instance,
      store: gatedStore(new MemoryStore(database, instance), this),
      producer: callsThrough(isRepeated ? repeatingProducer(producer) : producer, 'producer', this, ['send']),
      consumer: this.consumer,
      inspector: new MemoryInspector(broker),
      clock: {
        nowMs: () => ground.agentNowMs(),
        monotonicMs: () => broker.clock.monotonicMs(),
        sleep: (ms, signal) => broker.clock.sleep(ms, signal).then(() => this.alive(undefined)),
      },
      random,
      log: silent,
      upkeep: callsThrough(new MemoryUpkeep(database, instance), 'store', this, ['orphanedOutbox']),
      transactionsMax: 4,
      onFatal: (error) => this.die(error),
    });
  }

  get status(): AgentStatus {
    return this.runtime.status();
  }

  get registry(): Registry {
    return this.runtime.registry;
  }

  /** Like an app under its supervisor: what cannot start is ended and started anew. */
  start(): void {
    this.runtime.start().catch((error: unknown) => this.die(error));
  }

  /** Its membership ends and begins again, as after a heartbeat that came late. */
  rejoin(): void {
    this.consumer.expire();
  }

  /** kill -9: nothing of it goes on, its connections end, its group is dealt out anew. */
  die(why?: unknown): void {
    if (this.isDead) return;
    this.isDead = true;
    this.database.disconnect(this.instance);
    void this.consumer.stop();
    this.onDeath(why);
  }

  async pass<T>(point: string, call: () => Promise<T>, target: object, args: readonly unknown[]): Promise<T> {
    if (this.isDead) return never();
    const fault = this.ground.faults({ agent: this.agent.name, point, target, args });
    if (fault === undefined) return this.alive(await call());
    if (fault === 'crash_before' || fault === 'lost_request') await undo(target);
    else await call().finally(() => undo(target));
    if (fault === 'crash_before' || fault === 'crash_after') this.die();
    return this.alive(Promise.reject<T>(lostCall(point)));
  }

  private alive<T>(result: T | Promise<T>): Promise<T> {
    if (!this.isDead) return Promise.resolve(result);
    if (result instanceof Promise) result.catch(() => undefined); // nobody hears of it any more
    return never();
  }
}
