import type { RecordProducer } from '@signalbox/agent-kit';
import { partitionOf } from '@signalbox/agent-kit-kafka';
import { SignalboxError } from '@signalbox/errors';
import type { Outgoing } from './outgoing.js';
import { Tracker, type Publication } from './publication.js';

interface Waiting {
  readonly outgoing: Outgoing;
  readonly tracker: Tracker;
}

/** How many refused records an error of the producer names; with as many, there may be more. */
const pointersMax = 50;

/**
 * Sends webhooks' records and says in time whether Kafka has them. What arrives in one turn of the event loop goes to the
 * producer together: one call for each partition instead of two for each webhook.
 */
export class Publisher {
  private waiting: Waiting[] = [];

  constructor(
    private readonly producer: RecordProducer,
    private readonly acknowledgeMsMax: number,
  ) {}

  /** The records of one topic and key keep the order of the calls. */
  publish(records: readonly Outgoing[]): Publication {
    const tracker = new Tracker(records.length);
    if (this.waiting.length === 0) setImmediate(() => this.flush());
    for (const outgoing of records) this.waiting.push({ outgoing, tracker });
    return tracker;
  }

  private flush(): void {
    const turn = this.waiting;
    this.waiting = [];
    const deadline = setTimeout(() => {
      for (const { tracker } of turn) tracker.expire(this.acknowledgeMsMax);
    }, this.acknowledgeMsMax);
    const sending = Array.from(byTopic(turn), ([topic, records]) => this.sendTo(topic, records));
    void Promise.all(sending).finally(() => clearTimeout(deadline));
  }

  /** Topics do not wait for each other's metadata. Never rejects. */
  private async sendTo(topic: string, records: readonly Waiting[]): Promise<void> {
    let count: number;
    try {
      count = await this.producer.partitionCount(topic);
    } catch (error) {
      return records.forEach(({ tracker }) => tracker.done(error));
    }
    const batches = Array.from(byPartition(records, count), ([partition, batch]) => {
      const sent = this.producer.send(
        { topic, partition },
        batch.map(({ outgoing }) => outgoing.record),
        { deadlineMs: this.acknowledgeMsMax },
      );
      return sent.then(
        () => batch.forEach(({ tracker }) => tracker.done()),
        (error: unknown) => settleFailed(batch, error),
      );
    });
    await Promise.all(batches);
  }
}

/** Kafka refused some records of a batch and wrote the others, or nobody knows what became of any. */
function settleFailed(batch: readonly Waiting[], error: unknown): void {
  const pointers = error instanceof SignalboxError && error.code === 'broker_refused' ? error.pointers : [];
  const isKnown = pointers.length > 0 && pointers.length < pointersMax;
  const refused = new Set(pointers.map(({ pointer }) => pointer));
  batch.forEach(({ tracker }, at) => {
    if (isKnown && !refused.has(`/${at}`)) tracker.done();
    else tracker.done(error);
  });
}

function byTopic(turn: readonly Waiting[]): Map<string, Waiting[]> {
  const groups = new Map<string, Waiting[]>();
  for (const one of turn) {
    const group = groups.get(one.outgoing.topic);
    if (group) group.push(one);
    else groups.set(one.outgoing.topic, [one]);
  }
  return groups;
}

function byPartition(records: readonly Waiting[], count: number): Map<number, Waiting[]> {
  const groups = new Map<number, Waiting[]>();
  for (const one of records) {
    const partition = partitionOf(one.outgoing.key, count);
    const group = groups.get(partition);
    if (group) group.push(one);
    else groups.set(partition, [one]);
  }
  return groups;
}
