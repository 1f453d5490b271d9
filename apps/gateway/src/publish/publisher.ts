import type { RecordProducer } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import type { Outgoing } from './outgoing.js';

/** A webhook's records on their way to Kafka. */
export interface Publication {
  /** Resolves once every record is acknowledged; rejects with `broker_unavailable` at the deadline at the latest. */
  readonly acknowledged: Promise<void>;
  /** Resolves when nothing of it is in memory any more, however it ended: not before `acknowledged` is settled. */
  readonly settled: Promise<void>;
}

/** Sends a webhook's records and says in time whether Kafka has them. */
export class Publisher {
  constructor(
    private readonly producer: RecordProducer,
    private readonly acknowledgeMsMax: number,
  ) {}

  /** The records go out together; those of one topic and key keep the order of the calls. */
  publish(records: readonly Outgoing[]): Publication {
    const sends = records.map((record) => this.send(record));
    const settled = Promise.allSettled(sends).then(() => undefined);
    return { acknowledged: withinDeadline(Promise.all(sends), this.acknowledgeMsMax), settled };
  }

  private async send({ topic, key, record }: Outgoing): Promise<void> {
    const partition = await this.producer.partitionFor(topic, key);
    await this.producer.send({ topic, partition }, [record], { deadlineMs: this.acknowledgeMsMax });
  }
}

/** Settles with the sends, but not after `deadlineMs`: the producer's own deadline begins only after its metadata is there. */
function withinDeadline(sends: Promise<unknown>, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new SignalboxError('broker_unavailable', `Kafka did not acknowledge within ${deadlineMs} ms.`));
    }, deadlineMs);
    sends.then(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(asUnavailable(error));
      },
    );
  });
}

/** Whatever keeps Kafka from taking a checked record is not the sender's fault. */
function asUnavailable(error: unknown): SignalboxError {
  const why = error instanceof SignalboxError ? error.message : 'Kafka did not take the record.';
  return new SignalboxError('broker_unavailable', why, { cause: error });
}
