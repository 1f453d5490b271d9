import { SignalboxError } from '@signalbox/errors';
import type { Clock, Random } from '../ports/clock.js';
import type { OutgoingRecord, RecordProducer, TopicPartition } from '../ports/records.js';
import { backoffMs } from '../runner/backoff.js';
import type { QuietLog } from '../runner/log.js';
import type { CommittedRow } from './committed-row.js';

const RECORDS_PER_SEND_MAX = 1_000;

/** A record the broker will never take. */
export interface RefusedRecord extends TopicPartition {
  readonly rowId: bigint;
  readonly record: OutgoingRecord;
  readonly error: SignalboxError;
}

export interface OutboxPublisherPorts {
  readonly producer: RecordProducer;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: QuietLog;
  /** Keeps a record the broker refused for good; its row counts as published afterwards. */
  readonly onRefused: (refused: RefusedRecord) => Promise<void>;
  /** Told of each send that failed and is tried again. */
  readonly onTrouble?: () => void;
}

interface Waiting {
  readonly row: CommittedRow;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * Publishes committed rows: a lane per destination partition, one send in flight, tried until the broker has it, so
 * rows of one destination go out in the order of the calls.
 */
export class OutboxPublisher {
  private readonly lanes = new Map<string, Waiting[]>();
  private readonly pumping = new Map<string, Promise<void>>();
  private readonly unsettled = new Set<bigint>();
  private readonly stopping = new AbortController();

  constructor(private readonly ports: OutboxPublisherPorts) {}

  /** Resolves when the broker has every record of every row; rejects only when the publisher is stopped before. */
  async publish(rows: readonly CommittedRow[]): Promise<void> {
    for (const { id } of rows) this.unsettled.add(id);
    try {
      await Promise.all(rows.map((row) => this.enqueue(row)));
    } finally {
      for (const { id } of rows) this.unsettled.delete(id);
    }
  }

  /** Gives up what is not yet acknowledged: it stays in the outbox for the next owner. */
  stop(): void {
    this.stopping.abort();
  }

  /** Rows that are not settled yet. */
  get inFlight(): readonly bigint[] {
    return [...this.unsettled];
  }

  private enqueue(row: CommittedRow): Promise<void> {
    const id = `${row.topic}/${row.partition}`;
    return new Promise((done, failed) => {
      const lane = this.lanes.get(id) ?? [];
      this.lanes.set(id, lane);
      lane.push({ row, done, failed });
      if (!this.pumping.has(id)) this.pumping.set(id, this.pump(id, lane));
    });
  }

  private async pump(id: string, lane: Waiting[]): Promise<void> {
    while (lane.length > 0) {
      const batch = takeBatch(lane);
      try {
        await this.sendUntilTaken(batch.map(({ row }) => row));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of [...batch, ...lane.splice(0)]) failed(error as Error);
      }
    }
    this.lanes.delete(id);
    this.pumping.delete(id);
  }

  private async sendUntilTaken(rows: readonly CommittedRow[]): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const records = rows.flatMap((row) => row.records);
    for (let attempt = 1; ; attempt += 1) {
      if (this.stopping.signal.aborted)
        throw new SignalboxError('broker_unavailable', 'the publisher was stopped');
      try {
        return await this.ports.producer.send(first, records);
      } catch (error) {
        if (error instanceof SignalboxError && error.code === 'broker_refused')
          return this.split(rows, error);
        const fields = { topic: first.topic, error: String(error) };
        await this.waitAfter(attempt, fields, 'Kafka does not take records; trying again');
      }
    }
  }

  /** A refusal may be one record's fault: each goes alone, and only the refused one is set aside. */
  private async split(rows: readonly CommittedRow[], error: SignalboxError): Promise<void> {
    const singles = rows.flatMap((row) => row.records.map((record) => ({ ...row, records: [record] })));
    const [only] = singles;
    if (singles.length === 1 && only) {
      const { topic, partition, id, records } = only;
      const record = records[0] as OutgoingRecord;
      return this.setAside({ topic, partition, rowId: id, record, error });
    }
    for (const single of singles) await this.sendUntilTaken([single]);
  }

  /** Until it is kept: were it given up here, everything behind it would stay unpublished. */
  private async setAside(refused: RefusedRecord): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.ports.onRefused(refused);
      } catch (error) {
        if (this.stopping.signal.aborted) throw error;
        const fields = { topic: refused.topic, error: String(error) };
        await this.waitAfter(attempt, fields, 'A refused record could not be kept; trying again');
      }
    }
  }

  private async waitAfter(attempt: number, fields: Record<string, unknown>, message: string): Promise<void> {
    this.ports.onTrouble?.();
    this.ports.log.warn('publish', fields, message);
    await this.ports.clock.sleep(backoffMs(attempt, this.ports.random), this.stopping.signal);
  }
}

function takeBatch(lane: Waiting[]): Waiting[] {
  let records = 0;
  let count = 0;
  for (const { row } of lane) {
    if (count > 0 && records + row.records.length > RECORDS_PER_SEND_MAX) break;
    records += row.records.length;
    count += 1;
  }
  return lane.splice(0, count);
}
