import type { KafkaInspector } from '@signalbox/agent-kit-kafka';
import { decodeEvent, webhookReceived, type DataOf } from '@signalbox/contracts';

type Webhook = DataOf<typeof webhookReceived>;

/** What the records of webhooks tell of a source since a time. */
export interface Seen {
  /** Webhooks that were released already, by their own ids. */
  readonly released: ReadonlySet<string>;
  /** Events that were accepted. */
  readonly eventIds: ReadonlySet<string>;
  /** Refused for their signature and not kept. */
  readonly notKept: number;
}

/** Reads `webhook.received`. */
export async function seenOf(
  inspector: Pick<KafkaInspector, 'readTopic'>,
  source: string,
  fromTimeMs: number,
): Promise<Seen> {
  const released = new Set<string>();
  const eventIds = new Set<string>();
  let notKept = 0;
  for await (const record of inspector.readTopic(webhookReceived.topic, { fromTimeMs })) {
    if (record.key?.toString('utf8') !== source) continue;
    const webhook = decodeEvent(record).data as Webhook;
    if (webhook.release) released.add(webhook.release.of);
    if (webhook.verdict === 'refused') {
      if (webhook.reason === 'signature_invalid' && webhook.raw_kept !== true) notKept += 1;
    } else if (webhook.quarantined !== true) {
      if (webhook.event_id !== undefined) eventIds.add(webhook.event_id);
      for (const { event_id } of webhook.more_events ?? []) eventIds.add(event_id);
    }
  }
  return { released, eventIds, notKept };
}
