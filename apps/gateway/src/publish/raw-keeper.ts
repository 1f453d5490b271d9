import type { Arrival } from '../door/arrival.js';
import { rawTopic } from '@signalbox/sources';
import { asItCame } from './as-it-came.js';
import type { Publisher } from './publisher.js';

/** Bytes of refused bodies of one source that are kept in a second, on average, and at once. */
const bytesPerSecondMax = 1_048_576;
const burstBytesMax = 16_777_216;
/** Bytes of all sources on their way to Kafka. */
const inFlightBytesMax = 33_554_432;
/** What a small body counts for: the record around it costs as well. */
const recordBytes = 1_024;

/** Headers that say who asks and not what is signed; never kept. */
const credentials: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-gitlab-token',
]);

interface Budget {
  bytes: number;
  filledAtMs: number;
}

/**
 * Keeps webhooks whose signature does not match, as they came, so that they can be verified again once the right secret is
 * known. As well as it can: nobody waits for it, and a flood costs at most 1 MiB a second of each source.
 */
export class RawKeeper {
  private readonly budgets = new Map<string, Budget>();
  private inFlightBytes = 0;

  constructor(
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly onOutcome: (outcome: 'written' | 'failed' | 'skipped') => void,
    private readonly nowMs: () => number,
  ) {}

  /** True when the webhook is on its way to `webhook.raw`. Never for a secret that was sent in the clear. */
  keep(arrival: Arrival): boolean {
    const { source, rawBody } = arrival;
    if (rawBody === undefined || isSecretItself(arrival)) return false;
    const bytes = rawBody.length + recordBytes;
    if (this.inFlightBytes + bytes > inFlightBytesMax || !this.take(source.name, bytes)) {
      this.onOutcome('skipped');
      return false;
    }
    this.inFlightBytes += bytes;
    void this.write(arrival, rawBody).finally(() => {
      this.inFlightBytes -= bytes;
    });
    return true;
  }

  private async write(arrival: Arrival, rawBody: Buffer): Promise<void> {
    try {
      const publication = this.publisher.publish([rawRecord(arrival, rawBody)]);
      await Promise.all([publication.acknowledged, publication.settled]);
      this.onOutcome('written');
    } catch {
      this.onOutcome('failed');
    }
  }

  private take(source: string, bytes: number): boolean {
    const nowMs = this.nowMs();
    const budget = this.budgets.get(source) ?? { bytes: burstBytesMax, filledAtMs: nowMs };
    const earned = (Math.max(0, nowMs - budget.filledAtMs) / 1_000) * bytesPerSecondMax;
    const available = Math.min(burstBytesMax, budget.bytes + earned);
    const enough = available >= bytes;
    this.budgets.set(source, { bytes: enough ? available - bytes : available, filledAtMs: nowMs });
    return enough;
  }
}

/** A token or a password that was refused may be the right one of tomorrow: it must not lie on a topic. */
function isSecretItself({ source: { scheme } }: Arrival): boolean {
  return scheme !== 'house' && (scheme.kind === 'token' || scheme.kind === 'basic');
}

function rawRecord(arrival: Arrival, rawBody: Buffer): ReturnType<typeof asItCame> {
  const { source, request, webhookId, receivedAtMs } = arrival;
  const headers = Object.entries(request.headers).filter(
    ([name, value]) => value !== undefined && !credentials.has(name),
  );
  return asItCame({
    topic: rawTopic,
    webhookId,
    source: source.name,
    rawBody,
    contentType: request.headers['content-type'],
    // Of one source in one partition: they can be released in the order in which they came.
    key: source.name,
    eventId: webhookId,
    correlationId: webhookId,
    receivedAtMs,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    facts: { reason: 'signature_invalid', method: request.method, url: arrival.url },
  });
}
