import type { ConsumerCallbacks, RecordConsumer, TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminClient } from '../admin-client.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { kafkaErrorText } from '../kafkajs-errors.js';
import type { KafkaLogger } from '../log-bridge.js';
import { AssignmentRelay } from './assignment-relay.js';
import { afterCrash } from './crash-policy.js';
import { Positions } from './positions.js';
import { SafeCallbacks } from './safe-callbacks.js';
import { Session, type SessionSettings } from './session.js';

export interface ConsumerOptions {
  readonly logger?: KafkaLogger;
  /** A member that is silent for so long loses its partitions, in milliseconds; at least the broker's minimum (6,000). Default 10,000. */
  readonly sessionTimeoutMs?: number;
  /** Bytes of one answer of a broker; a single larger batch still comes through. Default 8 MiB. */
  readonly fetchBytesMax?: number;
  /** Bytes of one partition in an answer. Default 1 MiB. */
  readonly partitionBytesMax?: number;
  /** New partitions and new leaders are noticed within this time, in milliseconds. Default 30,000. */
  readonly metadataMaxAgeMs?: number;
  /** How often topics that were missing at the start are looked for, in milliseconds. Default 5,000. */
  readonly missingTopicsMs?: number;
}

const sessionsMax = Number.MAX_SAFE_INTEGER;

class KafkaConsumer implements RecordConsumer {
  private readonly positions = new Positions();
  private readonly admin: AdminClient;
  private readonly stopping = new AbortController();
  private session: Session | undefined;
  private relay: AssignmentRelay | undefined;
  private running: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly connection: KafkaConnectionOptions,
    private readonly options: ConsumerOptions,
  ) {
    this.admin = new AdminClient(connection, options.logger);
  }

  async start(groupId: string, topics: readonly string[], callbacks: ConsumerCallbacks): Promise<void> {
    if (this.running || this.stopped) throw new SignalboxError('internal', 'A consumer starts only once.');
    const safe = new SafeCallbacks(callbacks, this.options.logger);
    this.relay = new AssignmentRelay(safe);
    this.running = this.supervise(groupId, topics, safe, this.relay);
  }

  seek(to: TopicPartition, offset: bigint): void {
    if (!this.positions.has(to)) return;
    this.positions.moveTo(to, offset);
    this.session?.seek(to, offset);
    if (!this.positions.isPaused(to)) this.session?.resume(to);
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) {
      if (!this.positions.has(at)) continue;
      this.positions.setPaused(at, true);
      this.session?.pause(at);
    }
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) {
      if (!this.positions.has(at)) continue;
      this.positions.setPaused(at, false);
      // Without a position there is nothing to fetch: kafkajs would begin at the group's committed offset.
      if (this.positions.next(at) !== undefined) this.session?.resume(at);
    }
  }

  async commitForTools(offsets: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void> {
    const ours = offsets.filter((at) => this.positions.has(at));
    if (ours.length === 0) return;
    try {
      await this.session?.commit(ours);
    } catch (error) {
      this.options.logger?.debug({ error: kafkaErrorText(error) }, 'Offsets for tools were not committed');
    }
  }

  stop(): Promise<void> {
    this.stopped ??= this.leave();
    return this.stopped;
  }

  private async leave(): Promise<void> {
    this.positions.assign([]);
    // Still a member: what the owner finishes now is not handed out twice.
    await this.relay?.revoke();
    this.stopping.abort();
    // Together: what waits for a broker that does not answer ends with its client.
    await Promise.all([this.running, this.admin.close()]);
  }

  private async supervise(
    groupId: string,
    topics: readonly string[],
    callbacks: SafeCallbacks,
    relay: AssignmentRelay,
  ): Promise<void> {
    let crashesInRow = 0;
    for (let sessions = 0; sessions < sessionsMax && !this.stopping.signal.aborted; sessions += 1) {
      const startedAtMs = performance.now();
      const end = await this.runSession(groupId, topics, callbacks, relay);
      this.positions.assign([]);
      if (end.kind === 'stopped') return;
      void relay.revoke();
      if (end.kind === 'topics_changed') continue;
      crashesInRow = performance.now() - startedAtMs > 60_000 ? 1 : crashesInRow + 1;
      const next = afterCrash(end.error, crashesInRow, Math.random);
      const fields = { groupId, error: kafkaErrorText(end.error), crashesInRow };
      if (next === 'end') {
        this.options.logger?.error(fields, 'The consumer ended for good');
        return callbacks.onCrash(end.error);
      }
      this.options.logger?.warn({ ...fields, ...next }, 'The consumer stopped and starts again');
      await this.waitFor(next.afterMs);
    }
  }

  /** Resolves when the session is over and its client disconnected. */
  private async runSession(
    groupId: string,
    topics: readonly string[],
    callbacks: SafeCallbacks,
    relay: AssignmentRelay,
  ): Promise<SessionEnd> {
    const lifetime = new AbortController();
    let session: Session | undefined;
    try {
      const present = await this.presentTopics(topics);
      const ended = new Promise<SessionEnd>((resolve) => {
        session = new Session(this.connection, this.settingsFor(groupId), {
          positions: this.positions,
          callbacks,
          admin: this.admin,
          onJoin: () => {
            this.positions.assign([]);
            void relay.revoke();
          },
          onJoined: (partitions) => {
            if (!this.stopped) void relay.assign(partitions);
          },
          onCrash: (error) => resolve({ kind: 'crashed', error }),
        });
        const signal = this.stopping.signal;
        if (signal.aborted) resolve({ kind: 'stopped' });
        signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { signal: lifetime.signal });
        void this.watchMissing(topics, present, lifetime.signal, resolve);
        this.session = session;
        session.start(present).catch((error: Error) => resolve({ kind: 'crashed', error }));
      });
      return await ended;
    } catch (error) {
      return { kind: 'crashed', error: error as Error };
    } finally {
      lifetime.abort();
      this.session = undefined;
      await session?.stop();
    }
  }

  /** Reads what exists now: kafkajs fails for all topics when one of them is missing. */
  private async presentTopics(topics: readonly string[]): Promise<string[]> {
    const existing = new Set(await this.admin.use((admin) => admin.listTopics()));
    const present = topics.filter((topic) => existing.has(topic));
    if (present.length < topics.length) {
      const missing = topics.filter((topic) => !existing.has(topic));
      this.options.logger?.warn(
        { missing },
        'Topics to be read do not exist; they are read as soon as they do',
      );
    }
    if (present.length > 0) return present;
    throw new SignalboxError(
      'broker_unavailable',
      `None of the topics exists: ${topics.slice(0, 5).join(', ')}.`,
    );
  }

  private async watchMissing(
    topics: readonly string[],
    present: readonly string[],
    signal: AbortSignal,
    end: (end: SessionEnd) => void,
  ): Promise<void> {
    const missing = topics.filter((topic) => !present.includes(topic));
    while (missing.length > 0 && !signal.aborted) {
      await sleep(this.options.missingTopicsMs ?? 5_000, undefined, { signal }).catch(() => undefined);
      const existing = await this.admin.use((admin) => admin.listTopics()).catch((): string[] => []);
      if (!signal.aborted && missing.some((topic) => existing.includes(topic)))
        return end({ kind: 'topics_changed' });
    }
  }

  private settingsFor(groupId: string): SessionSettings {
    return {
      groupId,
      sessionTimeoutMs: this.options.sessionTimeoutMs ?? 10_000,
      fetchBytesMax: this.options.fetchBytesMax ?? 8 * 1024 * 1024,
      partitionBytesMax: this.options.partitionBytesMax ?? 1024 * 1024,
      metadataMaxAgeMs: this.options.metadataMaxAgeMs ?? 30_000,
      logger: this.options.logger,
    };
  }

  private async waitFor(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

type SessionEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'topics_changed' }
  | { readonly kind: 'crashed'; readonly error: Error };

/**
 * A member of a consumer group that keeps its own positions, lives through broker restarts and rebalances, and never
 * moves a position by itself. `start` returns at once and goes on trying while no broker answers; what can't be cured
 * (a missing right, a foreign consumer in the group) ends in `onCrash`.
 */
export function createConsumer(
  connection: KafkaConnectionOptions,
  options: ConsumerOptions = {},
): RecordConsumer {
  return new KafkaConsumer(connection, options);
}
