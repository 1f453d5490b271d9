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

const gatherMsDefault = 5;

/**
 * Sends webhooks' records and says in time whether Kafka has them. What arrives in one turn of the event loop, or while
 * those before are on their way, goes to the producer together. Both records of a webhook then travel in one request: sent
 * at once, the second of them would wait for requests that carry the seconds of others, each of them a small one.
 */
export class Publisher {
  private waiting: Waiting[] = [];
  private flights = 0;
  private patience: NodeJS.Timeout | undefined;

  constructor(
    private readonly producer: RecordProducer,
    private readonly acknowledgeMsMax: number,
    /** What comes while others are on their way waits for them at most so long: Kafka may be slow, or one broker of several. */
    private readonly gatherMsMax = gatherMsDefault,
  ) {}

  /** The records of one topic and key keep the order of the calls. */
  publish(records: readonly Outgoing[]): Publication {
    const tracker = new Tracker(records.length);
    if (this.waiting.length === 0) this.flushSoon();
    for (const outgoing of records) this.waiting.push({ outgoing, tracker });
    return tracker;
  }

  private flushSoon(): void {
    if (this.flights === 0) setImmediate(() => this.flush());
    else this.patience = setTimeout(() => this.flush(), this.gatherMsMax);
  }

  private flush(): void {
    clearTimeout(this.patience);
    if (this.waiting.length === 0) return;
    const turn = this.waiting;
    this.waiting = [];
    this.flights += 1;
    void this.send(turn).then(() => {
      this.flights -= 1;
      if (this.flights === 0) this.flush();
    });
  }

  /** Resolves when each record is written, refused or given up; never rejects. */
  private async send(turn: readonly Waiting[]): Promise<void> {
    const deadline = setTimeout(() => {
      for (const { tracker } of turn) tracker.expire(this.acknowledgeMsMax);
    }, this.acknowledgeMsMax);
    await Promise.all(Array.from(byTopic(turn), ([topic, records]) => this.sendTo(topic, records)));
    clearTimeout(deadline);
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
