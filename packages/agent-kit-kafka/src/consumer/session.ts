import type { TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { AdminClient } from '../admin-client.js';
import { ClientSockets } from '../client-sockets.js';
import { createKafka, retrySettings, type KafkaConnectionOptions } from '../connection.js';
import { toIncomingRecord } from '../incoming-record.js';
import { kafkaErrorText, kafkaErrorType } from '../kafkajs-errors.js';
import type { KafkaLogEntry, KafkaLogger } from '../log-bridge.js';
import { settledWithin } from '../settled-within.js';
import { createAssigner } from './assigner.js';
import { deliverEveryBatch, type RawBatch } from './every-batch.js';
import { leaveGroup } from './leave-group.js';
import { Membership } from './membership.js';
import { outOfRangeIn } from './out-of-range.js';
import type { Positions } from './positions.js';
import type { SafeCallbacks } from './safe-callbacks.js';

export interface SessionSettings {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly fetchBytesMax: number;
  readonly partitionBytesMax: number;
  readonly metadataMaxAgeMs: number;
  readonly logger?: KafkaLogger | undefined;
}

export interface SessionPorts {
  readonly positions: Positions;
  readonly callbacks: SafeCallbacks;
  readonly admin: AdminClient;
  /** This member is about to join: what it had may go to others. */
  onJoin(): void;
  onJoined(partitions: readonly TopicPartition[]): void;
  /** kafkajs gave up; the session is over. */
  onCrash(error: Error): void;
}

const requestTimeoutMs = 10_000;
const retries = 5;
const fetchWaitMs = 250;
const partitionsAtOnce = 4;
/** The three parts of a stop; together below the 10 s a process has. */
const stopMsMax = 2_000;
const joiningStopMsMax = 250;
const leaveMsMax = 3_000;
const endMsMax = 3_000;

/** One life of a kafkajs consumer, from connect to crash or stop. It never restarts by itself. */
export class Session {
  private readonly consumer: Consumer;
  private readonly sockets: ClientSockets;
  private readonly membership = new Membership();
  private stopped = false;
  private starting: Promise<void> | undefined;

  constructor(
    private readonly connection: KafkaConnectionOptions,
    private readonly settings: SessionSettings,
    private readonly ports: SessionPorts,
  ) {
    deliverEveryBatch();
    const onLogEntry = (entry: KafkaLogEntry) => this.watchLog(entry);
    this.sockets = new ClientSockets(connection.route);
    const { sockets } = this;
    const { logger } = settings;
    const kafka = createKafka(connection, { sockets, logger, requestTimeoutMs, retries, onLogEntry });
    this.consumer = kafka.consumer({
      groupId: settings.groupId,
      partitionAssigners: [
        createAssigner({
          onJoin: () => this.unlessStopped(() => ports.onJoin()),
          foreignPartitions: (topic) => this.foreignPartitions(topic),
          onCluster: (cluster) => this.membership.attach(cluster),
        }),
      ],
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: Math.floor(settings.sessionTimeoutMs / 5),
      rebalanceTimeout: settings.sessionTimeoutMs * 2,
      maxBytes: settings.fetchBytesMax,
      maxBytesPerPartition: settings.partitionBytesMax,
      maxWaitTimeInMs: fetchWaitMs,
      metadataMaxAge: settings.metadataMaxAgeMs,
      allowAutoTopicCreation: false,
      retry: { ...retrySettings(retries), restartOnFailure: async () => false },
    });
  }

  /** Connects and joins. Rejects with what kafkajs said, or reports it through `onCrash`. */
  start(topics: readonly string[]): Promise<void> {
    return (this.starting ??= this.join(topics));
  }

  private async join(topics: readonly string[]): Promise<void> {
    const { GROUP_JOIN, CRASH, REQUEST } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.joined(payload.memberAssignment));
    this.consumer.on(CRASH, ({ payload }) => this.unlessStopped(() => this.ports.onCrash(payload.error)));
    this.consumer.on(REQUEST, ({ payload }) => {
      if (payload.apiName === 'Fetch') this.unlessStopped(() => this.fetched());
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: async (payload) => this.receive(payload),
    });
  }

  seek({ topic, partition }: TopicPartition, offset: bigint): void {
    this.quietly(() => this.consumer.seek({ topic, partition, offset: offset.toString() }));
  }

  pause({ topic, partition }: TopicPartition): void {
    this.quietly(() => this.consumer.pause([{ topic, partitions: [partition] }]));
  }

  resume({ topic, partition }: TopicPartition): void {
    this.quietly(() => this.consumer.resume([{ topic, partitions: [partition] }]));
  }

  async commit(offsets: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void> {
    await this.consumer.commitOffsets(
      offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset.toString() })),
    );
  }

  /**
   * Leaves the group and disconnects, in about 8 s at most; nothing of it is left then, in the process or, if a broker
   * answers, in the group. kafkajs alone does not promise that: it waits for a join that is under way, and takes a
   * leave that failed for done.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    this.membership.close();
    const joined = (this.starting ?? Promise.resolve()).catch(() => undefined);
    const ended = joined.then(() => this.consumer.disconnect());
    // A join may wait for other members for 20 s; out of the group it is answered at once.
    await settledWithin(ended, this.membership.isJoining ? joiningStopMsMax : stopMsMax);
    const { owed } = this.membership;
    if (owed.length > 0) await this.leaveAs(owed);
    this.sockets.end();
    await settledWithin(ended, endMsMax);
  }

  private async leaveAs(memberIds: readonly string[]): Promise<void> {
    const { groupId, logger } = this.settings;
    try {
      await leaveGroup(this.connection, groupId, memberIds, leaveMsMax, logger);
    } catch (error) {
      logger?.debug({ groupId, error: kafkaErrorText(error) }, 'The group forgets this member by itself');
    }
  }

  private receive({ batch, resolveOffset }: EachBatchPayload): void {
    const { topic, partition } = batch;
    const raw = batch as unknown as RawBatch;
    const fetchedOffset = BigInt(raw.fetchedOffset);
    const admission = this.stopped
      ? undefined
      : this.ports.positions.admit({ topic, partition }, fetchedOffset);
    if (admission?.kind === 'seek') this.seek({ topic, partition }, admission.next);
    if (admission?.kind !== 'deliver' || raw.rawMessages.length === 0) return;
    const lastOffset = BigInt(batch.lastOffset());
    // Before the callback, which may seek.
    this.ports.positions.moveTo({ topic, partition }, lastOffset + 1n);
    const taken = this.ports.callbacks.onBatch({
      topic,
      partition,
      fetchedOffset,
      lastOffset,
      records: batch.messages.map(toIncomingRecord),
      highWatermark: BigInt(batch.highWatermark),
    });
    if (taken) resolveOffset(batch.lastOffset());
    else this.ports.positions.moveTo({ topic, partition }, undefined);
  }

  /** Runs inside kafkajs's join: pausing here comes before its first fetch. */
  private joined(assignment: Readonly<Record<string, number[]>>): void {
    this.unlessStopped(() => {
      const partitions = Object.entries(assignment).flatMap(([topic, ids]) =>
        ids.map((partition) => ({ topic, partition })),
      );
      this.ports.positions.assign(partitions);
      for (const at of partitions) this.pause(at);
      this.ports.onJoined(partitions);
    });
  }

  private fetched(): void {
    const active = this.ports.positions.active();
    if (active.length > 0) this.ports.callbacks.onFetch(active);
  }

  private watchLog(entry: KafkaLogEntry): void {
    const at = outOfRangeIn(entry);
    if (!at || this.ports.positions.next(at) === undefined || this.stopped) return;
    this.ports.positions.moveTo(at, undefined);
    this.ports.positions.setPaused(at, true);
    this.pause(at);
    this.ports.callbacks.onPositionLost(at);
  }

  private async foreignPartitions(topic: string): Promise<readonly number[]> {
    try {
      const { topics } = await this.ports.admin.use((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
      return (
        topics.find(({ name }) => name === topic)?.partitions.map(({ partitionId }) => partitionId) ?? []
      );
    } catch (error) {
      if (kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return [];
      throw new SignalboxError('broker_unavailable', `The partitions of ${topic} are unknown.`, {
        cause: error,
      });
    }
  }

  private unlessStopped(work: () => void): void {
    if (!this.stopped) work();
  }

  /** kafkajs throws when its group is not set up yet or any more; the next assignment starts over anyway. */
  private quietly(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.settings.logger?.debug({ error: String(error) }, 'The consumer has no group at the moment');
    }
  }
}
