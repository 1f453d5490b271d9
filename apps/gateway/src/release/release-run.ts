import type { KafkaInspector } from '@signalbox/agent-kit-kafka';
import { SignalboxError } from '@signalbox/errors';
import { quarantineTopic, rawTopic, type ReadySource, type ReleaseReport } from '@signalbox/sources';
import { activeSecrets } from '@signalbox/webhooks';
import { acceptBody } from '../intake/accept.js';
import { correlationHeader } from '../intake/identity.js';
import type { Intake, Reading } from '../intake/mapped.js';
import type { Publisher } from '../publish/publisher.js';
import { webhookRecords } from '../publish/webhook-records.js';
import { newWebhookId } from '../record/webhook-id.js';
import { keptWebhook, type KeptWebhook } from './kept-webhooks.js';
import { seenOf, type Seen } from './seen.js';

const problemsMax = 10;

export interface ReleaseRequest {
  readonly source: string;
  /** Who asks. */
  readonly by: string;
  /** Webhooks received from then on, milliseconds since 1970. */
  readonly sinceMs: number;
  readonly dryRun: boolean;
  /** Those that are quarantined, instead of those refused for their signature. */
  readonly quarantined: boolean;
}

export interface ReleaseRunParts {
  readonly source: ReadySource;
  readonly request: ReleaseRequest;
  readonly run: string;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly inspector: Pick<KafkaInspector, 'readTopic'>;
  /** Called between webhooks, to say that the run goes on. */
  readonly sign: () => Promise<void>;
}

type Outcome = 'released' | 'already_there' | 'repeats' | 'still_refused' | 'unfit';
type Counts = Record<Outcome | 'looked_at', number>;

/** Goes through the kept webhooks in the order in which they came. What it publishes is on Kafka before the next is looked at. */
export async function releaseRun(parts: ReleaseRunParts): Promise<ReleaseReport> {
  const { source, request, run, inspector } = parts;
  const { sinceMs, quarantined, dryRun, by } = request;
  const seen = await seenOf(inspector, source.name, sinceMs);
  const counts: Counts = {
    looked_at: 0,
    released: 0,
    already_there: 0,
    repeats: 0,
    still_refused: 0,
    unfit: 0,
  };
  const problems: { webhook_id: string; code: string; message: string }[] = [];
  const here = new Set<string>();
  for await (const record of inspector.readTopic(quarantined ? quarantineTopic : rawTopic, {
    fromTimeMs: sinceMs,
  })) {
    const webhook = keptWebhook(record);
    if (webhook?.source !== source.name) continue;
    counts.looked_at += 1;
    try {
      counts[await releaseOne(webhook, parts, seen, here)] += 1;
    } catch (error) {
      if (!(error instanceof SignalboxError) || error.code === 'broker_unavailable') throw error;
      counts.unfit += 1;
      const { code, message } = error;
      if (problems.length < problemsMax) problems.push({ webhook_id: webhook.webhookId, code, message });
    }
    await parts.sign();
  }
  return { run, source: source.name, by, dry_run: dryRun, ...counts, not_kept: seen.notKept, problems };
}

async function releaseOne(
  webhook: KeptWebhook,
  { source, request, run, publisher }: ReleaseRunParts,
  seen: Seen,
  here: Set<string>,
): Promise<Outcome> {
  if (seen.released.has(webhook.webhookId)) return 'already_there';
  const keyId = request.quarantined ? webhook.facts.key_id : keyOf(webhook, source);
  if (keyId === undefined && !request.quarantined) return 'still_refused';
  const reading: Reading = {};
  const { rawBody, headers, receivedAtMs } = webhook;
  const correlationId = correlationHeader(headers['x-correlation-id']);
  const intake = await acceptBody(source, { rawBody, headers, correlationId, receivedAtMs }, reading);
  if (intake.kind === 'quarantined') throw intake.error;
  const ids = idsOf(intake);
  if (ids.every((id) => seen.eventIds.has(id))) return 'already_there';
  if (ids.every((id) => here.has(id))) return 'repeats';
  ids.forEach((id) => here.add(id));
  if (request.dryRun) return 'released';
  const decided = {
    webhookId: newWebhookId(),
    source: source.name,
    path: source.path,
    status: 202,
    address: '',
    receivedAtMs,
    decidedMs: 0,
    headers,
    sizeBytes: rawBody.length,
    ...(keyId === undefined ? {} : { keyId }),
    ...(reading.payload === undefined ? {} : { payload: reading.payload }),
  };
  const release = { of: webhook.webhookId, by: request.by, run };
  const { records } = webhookRecords({ source, headers, rawBody, decided }, intake, release);
  await publisher.publish(records).acknowledged;
  return 'released';
}

const idsOf = (intake: Exclude<Intake, { kind: 'quarantined' }>): readonly string[] =>
  intake.kind === 'unmapped' ? [intake.eventId] : intake.events.map(({ envelope }) => envelope.event_id);

/** The key that verifies it with the secrets of today; a signed time counts as of when it was received. */
function keyOf(
  { rawBody, headers, facts, receivedAtMs }: KeptWebhook,
  source: ReadySource,
): string | undefined {
  const secrets = activeSecrets(source.secrets, Date.now()).map(({ keyId, value }) => ({ keyId, value }));
  const verdict = source.verifier.verify({
    rawBody,
    headers,
    secrets,
    nowMs: receivedAtMs,
    ...(facts.method === undefined ? {} : { method: facts.method }),
    ...(facts.url === undefined ? {} : { url: facts.url }),
  });
  return verdict.ok ? verdict.keyId : undefined;
}
