import { agentTopics } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { createHash } from 'node:crypto';
import { ClaimLostError } from '../chunk/chunk.js';
import { decodeRecords } from '../outbox/stored-records.js';
import type { IncomingRecord, TopicPartition } from '../ports/records.js';
import type { Claim, LastRecord, OutboxRow } from '../ports/store.js';
import { unlessAborted } from './abort.js';
import type { RunnerPorts } from './ports.js';

/** Identity of a record's content, 16 bytes: tells a topic that was made anew from the old one. */
export function recordHash({ timestampMs, key, value }: IncomingRecord): Buffer {
  const hash = createHash('sha256').update(`${timestampMs}:${key?.length ?? -1}:`);
  if (key) hash.update(key);
  if (value) hash.update(value);
  return hash.digest().subarray(0, 16);
}

export const lastRecordOf = (record: IncomingRecord): LastRecord => ({
  offset: record.offset,
  timestampMs: record.timestampMs,
  hash: recordHash(record),
});

/**
 * Takes a partition over and finds where to go on: start position, remade or trimmed topics, another's unpublished
 * rows. Rejects when `signal` aborts.
 */
export async function claimPartition(
  partition: TopicPartition,
  ports: RunnerPorts,
  signal: AbortSignal,
): Promise<Claim> {
  let claim = await ports.store.claim(partition);
  if (!claim) {
    await startTopic(partition.topic, ports);
    claim = await ports.store.claim(partition);
  }
  if (!claim)
    throw new SignalboxError(
      'internal',
      `no progress row for ${partition.topic}/${partition.partition} after it was made`,
    );
  signal.throwIfAborted();
  await publishForeign(await ports.store.outboxOfPartition(partition), ports, signal);
  return (await verifyPosition(partition, claim, ports)) ?? claim;
}

async function startTopic(topic: string, { context, inspector, store }: RunnerPorts): Promise<void> {
  const { startFrom, name } = context.agent;
  const offsets = await inspector.offsets(topic);
  const first = new Map<number, bigint>();
  const later = new Map<number, bigint>();
  const isOwn = agentTopics(name).some((spec) => spec.topic === topic);
  for (const [partition, { low, end }] of offsets) {
    later.set(partition, low);
    if (isOwn || startFrom === 'earliest') first.set(partition, low);
    else if (startFrom === 'latest') first.set(partition, end);
    else first.set(partition, await inspector.offsetAt({ topic, partition }, startFrom.time.getTime()));
  }
  await store.startTopic(topic, first, later);
}

/** Publishes rows another process committed and could not publish, then deletes them. Rejects when `signal` aborts. */
export async function publishForeign(
  rows: readonly OutboxRow[],
  { publisher, store }: RunnerPorts,
  signal?: AbortSignal,
): Promise<void> {
  if (rows.length === 0) return;
  const published = publisher.publish(
    rows.map(({ id, topic, partition, encoded }) => ({
      id,
      topic,
      partition,
      records: decodeRecords(encoded),
    })),
  );
  await (signal ? unlessAborted(published, signal) : published);
  await store.deleteOutbox(rows.map(({ id }) => id));
}

/**
 * Compares the progress with the log. The topic was made anew when the log is shorter than the progress or the last
 * handled record is another one: start again at the log's start (the inbox removes what was handled). Records trimmed
 * unseen: say which, and go on. Undefined when the claim may go on where it is.
 */
export async function verifyPosition(
  partition: TopicPartition,
  claim: Claim,
  ports: RunnerPorts,
): Promise<Claim | undefined> {
  const log = (await ports.inspector.offsets(partition.topic)).get(partition.partition);
  // Not the same as an empty log: answered while leaders move, or while the topic is deleted.
  if (!log) throw new SignalboxError('broker_unavailable', `no log of ${nameOf(partition)} at the moment`);
  const { low, end } = log;
  const where = { ...partition, progress: String(claim.nextOffset), low: String(low), end: String(end) };
  if (claim.nextOffset > end || (await isAnotherLog(partition, claim, low, ports))) {
    ports.log.error(where, 'The topic was made anew; starting at its beginning');
    return moveTo(partition, claim, low, ports);
  }
  if (claim.nextOffset < low) {
    ports.log.error(
      { ...where, lost: String(low - claim.nextOffset) },
      'Records were trimmed before they were handled',
    );
    return moveTo(partition, claim, low, ports);
  }
  return undefined;
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

async function isAnotherLog(
  partition: TopicPartition,
  { last }: Claim,
  low: bigint,
  { inspector }: RunnerPorts,
): Promise<boolean> {
  if (!last || last.offset < low) return false;
  const found = await inspector.recordAt(partition, last.offset);
  if (!found || found.offset !== last.offset) return false;
  return !recordHash(found).equals(last.hash);
}

async function moveTo(
  partition: TopicPartition,
  claim: Claim,
  offset: bigint,
  { store }: RunnerPorts,
): Promise<Claim> {
  if (!(await store.reposition(partition, claim.epoch, offset))) throw new ClaimLostError(partition);
  return { nextOffset: offset, epoch: claim.epoch, claimsUnchanged: 1 };
}
