import type { AgentDefinition, TopicPartition } from '@signalbox/agent-kit';
import { retryDelaysMs, retryTopic } from '@signalbox/contracts';
import { MemoryDatabase } from '../memory/memory-database.js';
import { placeId, stateKeyId, type StoredPending } from '../memory/tables.js';
import { BusProcess, type BusGround } from './bus-process.js';
import { ExpectationError } from '../given/expectation-error.js';

/** An agent that dies this often does not come up by itself any more. */
const DEATHS_MAX = 200;

/** One agent on a bus: its database, and its processes under a supervisor. */
export class BusMember {
  readonly database: MemoryDatabase;
  private processes: BusProcess[] = [];
  deaths = 0;
  private lastDeath: unknown;

  constructor(
    readonly agent: AgentDefinition,
    private readonly ground: BusGround,
    processes: number,
  ) {
    this.database = new MemoryDatabase(ground.broker.clock, ground.random);
    this.setTime();
    for (let n = 0; n < processes; n += 1) this.startProcess();
  }

  get name(): string {
    return this.agent.name;
  }

  /** The agent's clock stands still while work is done, whatever time back-off and polls take. */
  setTime(): void {
    this.database.offsetMs = this.ground.agentNowMs() - this.database.clock.nowMs();
  }

  crash(): void {
    this.processes[0]?.die();
  }

  rejoin(): void {
    for (const process of this.processes) process.rejoin();
  }

  get jobsAtWork(): number {
    return this.processes.reduce((sum, { status }) => sum + status.jobsAtWork, 0);
  }

  /** When the next pending row is due, in milliseconds since 1970; undefined when nothing waits for a time. */
  nextDueMs(): number | undefined {
    const times = this.scheduled().map(dueOf);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** What has to happen yet at this time, in words; nothing when the agent is at rest. What is cheap to see comes first. */
  unfinished(): string[] {
    const { outbox } = this.database.tables;
    const nowMs = this.ground.agentNowMs();
    const due = this.scheduled().filter((row) => dueOf(row) <= nowMs);
    const work = [
      ...[...outbox.rows.values()].map(({ topic }) => `${this.name} has not published to ${topic}`),
      ...due.map(
        ({ kind, eventId, key, timer }) => `${this.name}: ${kind} ${timer?.name ?? eventId} of ${key.value}`,
      ),
      ...this.unread(),
    ];
    return work.length > 0 ? work : this.unsettled();
  }

  private unsettled(): string[] {
    const wanted = this.topics().reduce((sum, topic) => sum + this.ground.broker.logsOf(topic).length, 0);
    const statuses = this.processes.map(({ status }) => status);
    const reading = statuses.reduce((sum, { assigned, claiming }) => sum + assigned.length - claiming, 0);
    return [
      ...(reading === wanted
        ? []
        : [`${this.name} reads ${reading} of ${wanted} partitions${this.troubled()}`]),
      ...(this.jobsAtWork > 0 ? [`${this.name} waits for an outside call`] : []),
    ];
  }

  private unread(): string[] {
    const { progress } = this.database.tables;
    return this.inputs().flatMap((topic) =>
      this.ground.broker.logsOf(topic).flatMap(({ end }, partition) => {
        const next = progress.rows.get(placeId({ topic, partition }))?.nextOffset ?? 0n;
        return next < end ? [`${this.name} is at ${next} of ${end} in ${topic}/${partition}`] : [];
      }),
    );
  }

  private inputs(): readonly TopicPartition['topic'][] {
    return this.processes[0]?.registry.topics ?? [];
  }

  private topics(): string[] {
    const delays = Object.keys(retryDelaysMs) as (keyof typeof retryDelaysMs)[];
    const decides = this.agent.handlers.some(({ kind }) => kind === 'decide');
    const retries = decides ? delays.map((delay) => retryTopic(this.name, delay)) : [];
    return [...this.inputs(), ...retries];
  }

  /** Rows that run at a time of their own: not those that stand behind another of their key, nor wait for a person. */
  private scheduled(): StoredPending[] {
    const all = [...this.database.tables.pending.rows.values()];
    const jobHeads = new Map<string, bigint>();
    for (const { kind, key, sequence } of all) {
      const head = jobHeads.get(stateKeyId(key));
      if (kind === 'job' && (head === undefined || sequence < head)) jobHeads.set(stateKeyId(key), sequence);
    }
    return all.filter(
      ({ kind, key, sequence, claimMs }) =>
        claimMs !== null && (kind !== 'job' || jobHeads.get(stateKeyId(key)) === sequence),
    );
  }

  private startProcess(): void {
    const process = new BusProcess(this.agent, this.database, this.ground, (why) => {
      this.processes = this.processes.filter((other) => other !== process);
      this.deaths += 1;
      this.lastDeath = why ?? this.lastDeath;
      if (this.deaths > DEATHS_MAX)
        throw new ExpectationError(`${this.name} died ${this.deaths} times${this.troubled()}`);
      this.startProcess();
    });
    this.processes.push(process);
    process.start();
  }

  private troubled(): string {
    if (this.lastDeath === undefined) return '';
    return `; its process ended: ${this.lastDeath instanceof Error ? this.lastDeath.message : 'killed'}`;
  }
}

/** A row that a retry topic wakes is due before the time from which it would be taken without. */
const dueOf = ({ dueMs, claimMs }: StoredPending): number => Math.min(dueMs ?? Infinity, claimMs ?? Infinity);
