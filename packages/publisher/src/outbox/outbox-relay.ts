import { randomUUID } from 'node:crypto';
import type { RecordProducer } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { outboxSql, type OutboxSql } from './outbox-sql.js';
import { publishStored } from './publish-stored.js';
import type { SqlClient } from './sql-client.js';
import { storedRecord } from './stored-record.js';

export interface OutboxRelayOptions {
  /** Runs statements outside any transaction of the caller: a pool. The relay never closes it. */
  readonly database: SqlClient;
  /** A connected producer. The relay never closes it. */
  readonly producer: RecordProducer;
  /** Default `signalbox_outbox`. */
  readonly table?: string;
  /** Pause when there is nothing to publish, 10 to 60,000 milliseconds; default 200. `wake` ends it at once. */
  readonly pollMs?: number;
  /**
   * A failure the relay goes on from by itself (database or broker away, repeated after `pollMs`), or an event the broker
   * refused for good: `broker_refused` with the event id in the message. That row stays in the table with the reason.
   */
  readonly onError?: (error: unknown) => void;
}

/** Publishes what services have enqueued, in order, at least once; agents drop what they have already by its id. */
export interface OutboxRelay {
  /** Begins; a relay that is running already goes on. Any number of processes may run one: one works, the others wait. */
  start(): void;
  /** Look now: call it after a commit to publish without waiting for the next poll. */
  wake(): void;
  /** Ends after the send in hand, and lets another process take over at once. */
  stop(): Promise<void>;
}

const recordsMax = 500;
/** How long a relay that died keeps others waiting. */
const leaseMs = 10_000;
const pollMsDefault = 200;

/** Throws `config_invalid` for a table that is no name or a poll out of bounds. */
export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  return new Relay(options);
}

class Relay implements OutboxRelay {
  private readonly sql: OutboxSql;
  private readonly owner = randomUUID();
  private readonly pollMs: number;
  private running: Promise<void> | undefined;
  private stopped = false;
  private woken = false;
  private endPause: () => void = () => undefined;

  constructor(private readonly options: OutboxRelayOptions) {
    this.sql = outboxSql(options.table);
    this.pollMs = options.pollMs ?? pollMsDefault;
    if (!(this.pollMs >= 10 && this.pollMs <= 60_000)) {
      throw new SignalboxError('config_invalid', `pollMs is ${this.pollMs}; it must be 10 to 60,000.`);
    }
  }

  start(): void {
    this.stopped = false;
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    this.endPause();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.endPause();
    await this.running;
    this.running = undefined;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const more = await this.publishOldest().catch((error: unknown) => this.report(error));
      if (more !== true && !this.stopped) await this.pause();
    }
    await this.options.database
      .query(this.sql.release, [this.owner])
      .catch((error: unknown) => this.report(error));
  }

  /** True when there may be more to publish now. */
  private async publishOldest(): Promise<boolean> {
    const { database, producer } = this.options;
    const lease = await database.query(this.sql.lease, [this.owner, leaseMs]);
    if (lease.rows.length === 0) return false;
    const { rows } = await database.query(this.sql.oldest, [recordsMax]);
    if (rows.length === 0) return false;
    const { acknowledged, refused, failures } = await publishStored(producer, rows.map(storedRecord));
    if (acknowledged.length > 0) await database.query(this.sql.remove, [acknowledged.map(({ id }) => id)]);
    for (const { stored, error } of refused) {
      await database.query(this.sql.refuse, [stored.id, error.message]);
      const message = `Event ${stored.eventId} on ${stored.topic} was refused for good: ${error.message}`;
      this.report(new SignalboxError('broker_refused', message));
    }
    failures.forEach((failure) => this.report(failure));
    return failures.length === 0;
  }

  /** What the caller's own callback throws must not end the relay. */
  private report(error: unknown): void {
    try {
      this.options.onError?.(error);
    } catch {
      // There is nobody left to tell.
    }
  }

  private async pause(): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.pollMs);
        this.endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.woken = false;
  }
}
