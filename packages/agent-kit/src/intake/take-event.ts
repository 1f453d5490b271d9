import { catalogue, decodeEvent, rfc3339Ms, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { EventItem, HandlerUnit } from '../chunk/chunk.js';
import type { StepContext } from '../chunk/context.js';
import { decodeRecord } from '../chunk/decode.js';
import { workHandle } from '../chunk/failure.js';
import { KeyCells } from '../chunk/key-cells.js';
import { distinctKeys } from '../pending/row-transaction.js';
import type { IncomingRecord } from '../ports/records.js';
import type { AnyPerform } from '../registry.js';
import {
  CommitUnknownError,
  type PendingInsert,
  type RawRecord,
  type Store,
  type StoreTransaction,
} from '../ports/store.js';

/** `duplicate`: the agent has it already, from here or from Kafka. `skipped`: it is too old to be handled. */
export type TakenEvent = 'taken' | 'duplicate' | 'skipped';

/** An event as it came to the agent's own endpoint. */
export interface OfferedEvent {
  readonly body: Buffer;
  /** Those that say how the body is to be read. */
  readonly headers: Readonly<Record<string, Buffer>>;
}

/**
 * Takes responsibility for an event that came over HTTP: inbox and pending work in one transaction, so that the same
 * event over Kafka is a duplicate, and the other way round. Rejects with what is wrong with the event, `id_conflict`
 * when its id was used with another content, or `database_unavailable`: then it may or may not be taken, and is to be
 * offered again.
 */
export async function takeEvent(
  { body, headers }: OfferedEvent,
  store: Store,
  context: StepContext,
): Promise<TakenEvent> {
  const tx = await store.begin();
  let outcome: 'taken' | 'skipped';
  try {
    const { chunk, now } = await tx.openChunk();
    const record = { offset: 0n, timestampMs: now.getTime(), key: null, value: body, headers };
    const item = itemOf(record, context);
    const units = item.units.filter((unit) => !isTooOld(item, unit, now));
    outcome = units.length === 0 ? 'skipped' : 'taken';
    const verdict = await verdictOf(tx, item, outcome);
    if (verdict === 'duplicate') {
      await tx.rollback();
      return 'duplicate';
    }
    const cells = new KeyCells(await tx.lockKeys(distinctKeys(units.map(({ key }) => key))), []);
    const pending = units.map((unit) => workOf(item, unit, cells, now, context));
    const nothing = { origin: null, timers: [], deadLetters: [], outbox: [], acknowledged: [] };
    await tx.write({ ...nothing, chunk, keys: cells.writes(), pending });
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  await commit(tx);
  return outcome;
}

/** The sender offers it again when nobody knows what became of it; the inbox tells repeats. */
async function commit(tx: StoreTransaction): Promise<void> {
  try {
    await tx.commit();
  } catch (error) {
    if (!(error instanceof CommitUnknownError)) throw error;
    throw new SignalboxError('database_unavailable', error.message, { cause: error });
  }
}

function itemOf(record: IncomingRecord, { registry }: StepContext): EventItem {
  const { event_type: type } = decodeEvent(record);
  const topic = catalogue.get(type)?.topic;
  if (topic === undefined || !registry.route(topic, type))
    throw new SignalboxError('event_type_unknown', `agent '${registry.agent.name}' takes no '${type}'`);
  const item = decodeRecord(registry, topic, record);
  if (item.kind === 'poison') throw item.error;
  return item;
}

async function verdictOf(
  tx: StoreTransaction,
  { identity, fingerprint, event }: EventItem,
  outcome: 'taken' | 'skipped',
): Promise<'taken' | 'duplicate'> {
  const [verdict] = await tx.takeResponsibility([{ identity, fingerprint, outcome }]);
  if (verdict !== 'conflict') return verdict ?? 'taken';
  const { event_id: id, metadata } = event;
  throw new SignalboxError(
    'id_conflict',
    `event id '${id}' of '${metadata.source_service}' was already used with another content`,
  );
}

const isTooOld = ({ event }: EventItem, { handler: { maxAgeMs } }: HandlerUnit, now: Date): boolean =>
  maxAgeMs !== undefined && now.getTime() - rfc3339Ms(event.timestamp) > maxAgeMs;

/** Over Kafka such an event becomes a dead letter; here its sender can be told. */
function destinationOf(handler: AnyPerform, event: EventEnvelope): string {
  try {
    return handler.destination(event);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new SignalboxError(
      'handler_failed',
      `'${handler.name}' cannot say where the event goes: ${message}`,
      { cause: error },
    );
  }
}

/**
 * A connector's job, or an attempt that is due now. Where the handler keeps order, the key is blocked until it is made:
 * what comes for the key meanwhile, over Kafka or from here, stands behind it.
 */
function workOf(
  { event, record, contract, newer }: EventItem,
  { handler, key }: HandlerUnit,
  cells: KeyCells,
  now: Date,
  { agent }: StepContext,
): PendingInsert {
  const { source_service: source } = event.metadata;
  const isOrdered = handler.kind === 'decide' && (handler.ordering ?? 'key') === 'key';
  const raw: RawRecord = { ...record, topic: contract.topic, partition: 0 };
  const work = {
    handle: workHandle(agent.name, handler.name, source, event.event_id),
    handler: handler.name,
    key,
    source,
    eventId: event.event_id,
    attempts: 0,
    isOrdered,
    record: raw,
  };
  const atOnce = { dueAt: now, claimAt: now };
  if (handler.kind === 'perform')
    return { ...work, ...atOnce, kind: 'job', destination: newer ? '' : destinationOf(handler, event) };
  const cell = cells.cell(key);
  if (isOrdered && cell.blocked) return { ...work, kind: 'parked', dueAt: null, claimAt: null };
  if (isOrdered) cell.blocked = true;
  return { ...work, ...atOnce, kind: 'retry' };
}
