import type { KafkaInspector } from '@signalbox/agent-kit-kafka';
import { releasesTopic } from '@signalbox/sources';
import type { Publisher } from '../publish/publisher.js';
import type { ReleaseEntry } from './holder.js';

const key = Buffer.from('releases', 'utf8');

/** `webhook.releases`: who releases what. Kafka's order of its records decides who was first, over all gateways. */
export class ReleaseLog {
  constructor(
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly inspector: Pick<KafkaInspector, 'readTopic'>,
  ) {}

  /** Resolves when Kafka has the entry; rejects with `broker_unavailable`. */
  async append(entry: Omit<ReleaseEntry, 'atMs'>): Promise<void> {
    const value = Buffer.from(JSON.stringify(entry), 'utf8');
    const headers = {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: `${entry.run}:${entry.kind}:${Date.now()}`,
      ce_type: releasesTopic,
      ce_source: 'gateway',
    };
    await this.publisher.publish([{ topic: releasesTopic, key, record: { key, value, headers } }])
      .acknowledged;
  }

  /** All entries in their order; what is not one is left out. */
  async entries(): Promise<ReleaseEntry[]> {
    const found: ReleaseEntry[] = [];
    for await (const { value, timestampMs } of this.inspector.readTopic(releasesTopic)) {
      const entry = parse(value);
      if (entry) found.push({ ...entry, atMs: timestampMs });
    }
    return found;
  }
}

function parse(value: Buffer | null): Omit<ReleaseEntry, 'atMs'> | undefined {
  try {
    const entry = JSON.parse(value?.toString('utf8') ?? 'null') as Partial<ReleaseEntry> | null;
    return typeof entry?.run === 'string' && typeof entry.source === 'string'
      ? (entry as ReleaseEntry)
      : undefined;
  } catch {
    return undefined;
  }
}
