import { hash } from 'node:crypto';
import { checkEvent, entityId, isRfc3339, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { applyMapping, type MappedData, type ReadySource } from '@signalbox/sources';
import { redactHeaders } from '../record/redact-headers.js';
import { derivedEventId } from './identity.js';
import { locate } from './locate.js';
import type { Intake, IntakeRequest, Mapped, Reading } from './mapped.js';
import { parsePayload } from './parse-payload.js';

/** Labels longer than this are hashed, so that an id stays within 255 characters. */
const labelCharsMax = 40;
const plainLabel = /^[\x21-\x7e]+$/;

/**
 * What a provider's webhook becomes: the events its source's rules make of it, or itself when no rule fits. Ids: the
 * provider's id of the webhook, else the hash of its body; where it makes several events, a label of each behind it.
 */
export async function mapProvider(
  source: ReadySource,
  request: IntakeRequest,
  reading: Reading,
): Promise<Intake> {
  const { rawBody, headers } = request;
  const payload = parsePayload(rawBody, headers, source.limits.depthMax);
  reading.payload = payload;
  const base = webhookIdentity(source, request, payload);
  const made = await rulesApplied(source, headers, payload);
  const [first, ...more] = made.map((one) => toEvent(source, request, base, one));
  if (!first) return { kind: 'unmapped', eventId: base, correlationId: request.correlationId ?? base };
  requireOwnIds([first, ...more]);
  return { kind: 'events', events: [first, ...more] };
}

/** `<source>:<the provider's id>`, else `<source>:<sha256 of the raw body>`: the same for every attempt of one webhook. */
function webhookIdentity(source: ReadySource, { rawBody, headers }: IntakeRequest, payload: unknown): string {
  const deliveryId = locate(source.deliveryId, headers, payload);
  return deliveryId === undefined ? derivedEventId(source.name, rawBody) : `${source.name}:${deliveryId}`;
}

async function rulesApplied(
  source: ReadySource,
  headers: IntakeRequest['headers'],
  payload: unknown,
): Promise<readonly MappedData[]> {
  if (source.rules.length === 0 || payload === undefined) return [];
  const event = locate(source.eventType, headers, payload);
  return applyMapping(source.rules, { payload, event, headers: redactHeaders(headers), source: source.name });
}

function toEvent(source: ReadySource, request: IntakeRequest, base: string, made: MappedData): Mapped {
  const { contract, data, label } = made;
  const eventId = label === '' ? base : `${base}/${boundedLabel(label)}`;
  const envelope: EventEnvelope = {
    event_id: eventId,
    event_type: contract.type,
    timestamp: timeOf(made, request),
    data,
    metadata: {
      source_service: source.name,
      correlation_id: usableId(made.correlationId) ?? request.correlationId ?? base,
      schema_version: contract.version,
    },
  };
  checkEvent(contract, envelope);
  return { contract, envelope };
}

const boundedLabel = (label: string): string =>
  label.length <= labelCharsMax && plainLabel.test(label)
    ? label
    : hash('sha256', label, 'hex').slice(0, labelCharsMax);

const usableId = (id: string | undefined): string | undefined =>
  entityId.safeParse(id).success ? id : undefined;

/** When it happened: as the rule says, else the data's own timestamp, else when the webhook came. */
function timeOf({ timestamp, data }: MappedData, { receivedAtMs }: IntakeRequest): string {
  const own: unknown = (data as { readonly timestamp?: unknown }).timestamp;
  for (const time of [timestamp, own]) if (typeof time === 'string' && isRfc3339(time)) return time;
  return new Date(receivedAtMs).toISOString();
}

/** Two events of one webhook with the same id would look like a repeat, and one would be dropped. */
function requireOwnIds(events: readonly Mapped[]): void {
  const ids = new Set(events.map(({ envelope }) => envelope.event_id));
  if (ids.size === events.length) return;
  const message = 'gives two events of one webhook the same id';
  throw new SignalboxError('mapping_failed', `The mapping ${message}.`, {
    pointers: [{ pointer: 'mapping', message }],
  });
}
