import { AgentRuntime, CommitUnknownError, type AgentDefinition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import {
  MemoryConsumer,
  MemoryInspector,
  MemoryProducer,
  MemoryStore,
  MemoryUpkeep,
  callsThrough,
  gatedStore,
  type Gate,
} from '@signalbox/test-kit';
import type { Ground } from './ground.js';
import type { StepOwner } from './scheduler.js';

const SESSION_TIMEOUT_MS = 10_000;

/** One process of the agent, from its start to its end by force. Every call of a port is two steps: request and answer. */
export class SimulatedProcess implements StepOwner, Gate {
  isDead = false;
  isFrozen = false;
  readonly instance: string;
  private readonly consumer: MemoryConsumer;
  private readonly runtime: AgentRuntime;

  constructor(
    readonly name: string,
    private readonly world: Ground,
    agent: (gate: Gate) => AgentDefinition,
  ) {
    const { database, broker, random, clock } = world;
    this.instance = random.uuid();
    this.consumer = new MemoryConsumer(broker, {
      batchSize: () => 1 + random.below(12),
      schedule: (what, run) => world.scheduler.add({ owner: this, name: `consumer.${what}`, run }),
    });
    this.runtime = new AgentRuntime(agent(this), {
      instance: this.instance,
      store: gatedStore(new MemoryStore(database, this.instance), this),
      producer: callsThrough(new MemoryProducer(broker), 'producer', this, ['send', 'partitionCount']),
      consumer: this.consumer,
      inspector: callsThrough(new MemoryInspector(broker), 'inspector', this, [
        'offsets',
        'offsetAt',
        'recordAt',
      ]),
      clock: {
        nowMs: () => clock.nowMs(),
        monotonicMs: () => clock.monotonicMs(),
        sleep: (ms, signal) => clock.sleep(ms, signal).then(() => this.thawed()),
      },
      random,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      upkeep: callsThrough(new MemoryUpkeep(database, this.instance), 'store', this, ['orphanedOutbox']),
      transactionsMax: 4,
      onFatal: (error) => world.fail(`the consumer ended for good: ${error.message}`),
    });
  }

  start(): void {
    this.runtime.start().catch((error: unknown) => {
      if (!this.isDead) this.world.fail(`start failed: ${String(error)}`);
    });
  }

  pass<T>(point: string, call: () => Promise<T>, target: object): Promise<T> {
    const { scheduler } = this.world;
    return new Promise((resolve, reject) => {
      const answer = (name: string, run: () => void): void => scheduler.add({ owner: this, name, run });
      const run = (): void => {
        const fault = this.world.faults.of(point);
        if (fault) scheduler.trace(`${this.name} ${point}: ${fault}`);
        const carriedOut = fault === 'lost_request' ? undo(target) : call();
        carriedOut.then(
          (result) => {
            if (!fault) return answer(`${point} answered`, () => resolve(result as T));
            void undo(target).then(() => answer(`${point} lost`, () => reject(lost(point))));
          },
          (error: unknown) => answer(`${point} failed: ${String(error)}`, () => reject(error as Error)),
        );
      };
      scheduler.add({ owner: this, name: point, run });
    });
  }

  /** kill -9: nothing of it goes on; its connections and, later, its membership end. */
  crash(): void {
    this.isDead = true;
    this.world.database.disconnect(this.instance);
    const { clock, random } = this.world;
    void clock.sleep(random.below(SESSION_TIMEOUT_MS)).then(() => this.consumer.stop());
  }

  /** SIGSTOP: it stands still, is taken for dead when that lasts, and then goes on as if nothing had happened. */
  async freeze(ms: number): Promise<void> {
    this.isFrozen = true;
    const { clock } = this.world;
    void clock.sleep(SESSION_TIMEOUT_MS).then(() => {
      if (this.isFrozen && !this.isDead) this.consumer.expire();
    });
    await clock.sleep(ms);
    this.isFrozen = false;
    this.world.scheduler.trace(`${this.name} goes on`);
  }

  /** A rebalance for another reason: the coordinator moved, a heartbeat came late. */
  expire(): void {
    this.consumer.expire();
  }

  private async thawed(): Promise<void> {
    if (this.isDead) await new Promise(() => undefined);
    while (this.isFrozen) await this.world.clock.sleep(50);
  }
}

/** A transaction whose connection is lost is undone by the server; anything else has nothing to undo. */
async function undo(target: object): Promise<void> {
  if ('rollback' in target) await (target as { rollback(): Promise<void> }).rollback();
}

function lost(point: string): Error {
  if (point === 'tx.commit') return new CommitUnknownError(new Error('the connection was lost'));
  const code = /^(tx|store)\./.test(point) ? 'database_unavailable' : 'broker_unavailable';
  return new SignalboxError(code, `${point}: the connection was lost`);
}
