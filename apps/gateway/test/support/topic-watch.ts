import {
  createInspector,
  type KafkaConnectionOptions,
  type KafkaInspector,
} from '@signalbox/agent-kit-kafka';
import { decodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { eventually } from './test-gateway.js';

export interface SeenRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly envelope: EventEnvelope;
}

const patienceMs = 50_000;

/** Shows what came to topics since the watch began. */
export class TopicWatch {
  private constructor(
    private readonly inspector: KafkaInspector,
    private readonly begin: ReadonlyMap<string, ReadonlyMap<number, bigint>>,
  ) {}

  /** Waits for the leaders of topics that were made a moment ago. */
  static async of(connection: KafkaConnectionOptions, topics: readonly string[]): Promise<TopicWatch> {
    const inspector = createInspector(connection);
    const begin = new Map<string, ReadonlyMap<number, bigint>>();
    for (const topic of topics) {
      const offsets = await eventually(() => inspector.offsets(topic).catch(() => undefined));
      begin.set(topic, new Map([...offsets].map(([partition, { end }]) => [partition, end])));
    }
    return new TopicWatch(inspector, begin);
  }

  /** What is there now and fits. */
  async seen(topic: string, fits: (record: SeenRecord) => boolean): Promise<SeenRecord[]> {
    const found: SeenRecord[] = [];
    const from = this.begin.get(topic) ?? new Map<number, bigint>();
    for await (const record of this.inspector.readTopic(topic, { from })) {
      const seen = {
        topic,
        partition: record.partition,
        key: record.key?.toString('utf8') ?? '',
        headers: Object.fromEntries(
          Object.entries(record.headers).map(([name, value]) => [name, value.toString('utf8')]),
        ),
        envelope: decodeEvent(record),
      };
      if (fits(seen)) found.push(seen);
    }
    return found;
  }

  /** Waits until `count` records fit; fails with what was there. */
  async wait(topic: string, fits: (record: SeenRecord) => boolean, count = 1): Promise<SeenRecord[]> {
    const untilMs = Date.now() + patienceMs;
    for (;;) {
      const found = await this.seen(topic, fits);
      if (found.length >= count) return found;
      if (Date.now() > untilMs) throw new Error(`${topic}: ${found.length} of ${count} records came`);
    }
  }

  close(): Promise<void> {
    return this.inspector.close();
  }
}
