import { deadLetterBytesMax, type TopicSpec } from '@signalbox/contracts';
import { unmappedTopic, type Source } from '../record/source.js';

const DAY_MS = 86_400_000;

/** Webhooks that were refused for their signature, as they came. They hold what was never verified: kept briefly. */
export const rawTopic = 'webhook.raw';
/** Verified webhooks that could not be read or mapped, as they came. */
export const quarantineTopic = 'webhook.quarantined';
/** Releases that were asked for: all have one key, so that every gateway sees them in one order. */
export const releasesTopic = 'webhook.releases';

const topic = (name: string, days: number): TopicSpec => ({
  topic: name,
  retentionMs: days * DAY_MS,
  // The largest body and 64 KiB for headers.
  maxMessageBytes: deadLetterBytesMax,
});

/** The topics the gateway needs besides the catalogue's, and one for each source whose webhooks are not all mapped. */
export function sourceTopics(sources: readonly Pick<Source, 'name' | 'form'>[]): TopicSpec[] {
  const own = sources.flatMap((source) => unmappedTopic(source) ?? []);
  return [
    topic(rawTopic, 3),
    topic(quarantineTopic, 30),
    topic(releasesTopic, 30),
    ...own.map((name) => topic(name, 7)),
  ];
}
