import { SignalboxError } from '@signalbox/errors';
import type { Clock, Random } from '../ports/clock.js';
import type { OutgoingRecord, RecordProducer, TopicPartition } from '../ports/records.js';
import { backoffMs } from '../runner/backoff.js';
import type { QuietLog } from '../runner/log.js';
import type { CommittedRow } from './committed-row.js';
import { Lane, type Place } from './lane.js';
import type { ReservedRows } from './reserved-rows.js';

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

/**
 * Publishes committed rows: a lane per destination partition, one send in flight, tried until the broker has it, so
 * rows of one destination go out in the order in which their places were taken.
 */
export class OutboxPublisher {
  private readonly lanes = new Map<string, Lane>();
  private readonly unsettled = new Set<bigint>();
  private readonly stopping = new AbortController();

  constructor(private readonly ports: OutboxPublisherPorts) {}

  /** Takes places for rows that are about to be committed. */
  reserve(rows: readonly CommittedRow[]): ReservedRows {
    const places = rows.map((row) => {
      this.unsettled.add(row.id);
      const lane = this.laneOf(row);
      return { lane, place: lane.reserve(row) };
    });
    const drop = ({ lane, place }: { lane: Lane; place: Place }): void => {
      this.unsettled.delete(place.row.id);
      lane.release(place);
      this.forget(lane, place);
    };
    return {
      rows,
      publish: async (ids) => {
        const isWanted = ({ place }: { place: Place }): boolean => ids?.has(place.row.id) ?? true;
        const wanted = places.filter(isWanted);
        for (const one of places) if (!isWanted(one)) drop(one);
        await Promise.all(wanted.map(({ lane, place }) => this.fill(lane, place)));
      },
      release: () => {
        for (const one of places) drop(one);
      },
    };
  }

  /** Resolves when the broker has every record of every row; rejects only when the publisher is stopped before. */
  publish(rows: readonly CommittedRow[]): Promise<void> {
    return this.reserve(rows).publish();
  }

  /** Gives up what is not yet acknowledged: it stays in the outbox for the next owner. */
  stop(): void {
    this.stopping.abort();
  }

  /** Aborts when the publisher is stopped. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Rows that are not settled yet, those with a reserved place included. */
  get inFlight(): readonly bigint[] {
    return [...this.unsettled];
  }

  private laneOf(row: CommittedRow): Lane {
    const id = laneId(row);
    const lane = this.lanes.get(id) ?? new Lane((rows) => this.sendUntilTaken(rows));
    this.lanes.set(id, lane);
    return lane;
  }

  private async fill(lane: Lane, place: Place): Promise<void> {
    try {
      await lane.fill(place);
    } finally {
      this.unsettled.delete(place.row.id);
      this.forget(lane, place);
    }
  }

  private forget(lane: Lane, { row }: Place): void {
    if (lane.isIdle) this.lanes.delete(laneId(row));
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

const laneId = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
