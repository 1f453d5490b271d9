import type { TopicSpec } from '@signalbox/contracts';

export interface ConfigChange {
  readonly topic: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** An entry as the broker describes it. */
export interface DescribedEntry {
  readonly configName: string;
  readonly configValue: string;
  /** 1 = set on the topic itself; everything else is a default. */
  readonly configSource?: number;
}

const setOnTopic = 1;

/**
 * How far ahead of the broker's clock a record's time may be. By default Kafka refuses for good what is an hour ahead:
 * a process whose clock somebody set wrong would see each of its outputs become a dead letter. Bounded, since a time in
 * the far future keeps its segment from ever expiring.
 */
const aheadMsMax = 7 * 86_400_000;

/** The settings a spec stands for, in the broker's names. */
export function wantedConfig(spec: TopicSpec, minInsync?: number): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(spec.retentionMs),
    'max.message.bytes': String(spec.maxMessageBytes),
    'message.timestamp.after.max.ms': String(aheadMsMax),
    ...(minInsync === undefined ? {} : { 'min.insync.replicas': String(minInsync) }),
  };
}

/**
 * What differs, and the complete list to write: Kafka's AlterConfigs replaces all of a topic's own settings, so those we
 * have no opinion on must be written back.
 */
export function configDrift(
  topic: string,
  entries: readonly DescribedEntry[],
  wanted: Readonly<Record<string, string>>,
): { topic: string; changes: ConfigChange[]; complete: Record<string, string> } {
  const now = new Map(entries.map((entry) => [entry.configName, entry.configValue]));
  const own = entries.filter((entry) => entry.configSource === setOnTopic);
  const changes = Object.entries(wanted)
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name, value]) => ({ topic, name, from: now.get(name) ?? '', to: value }));
  const kept = Object.fromEntries(own.map((entry) => [entry.configName, entry.configValue]));
  return { topic, changes, complete: { ...kept, ...wanted } };
}
