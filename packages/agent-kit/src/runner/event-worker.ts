import { SignalboxError } from '@signalbox/errors';
import { ClaimLostError, type ChunkInput, type DecodedItem } from '../chunk/chunk.js';
import { decodeRecord } from '../chunk/decode.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import { bringThrough } from './chunk-loop.js';
import { lastRecordOf } from './claim-partition.js';
import type { ChunkWorker, ClaimedChunk, WorkSignals } from './chunk-worker.js';
import type { RunnerPorts } from './ports.js';

const CHUNK_RECORDS_MAX = 500;
/** Claims at one offset, made after an owner that vanished, from which on a record of the next chunk is suspected. */
const CLAIMS_SUSPICIOUS = 2;
const MARKS_MAX = 3;

type OnCommitted = (rows: readonly CommittedRow[]) => void;

/** Handles the events of a partition, a chunk a transaction; after repeated deaths at one place, one event at a time. */
export class EventWorker implements ChunkWorker {
  readonly recordsMax = CHUNK_RECORDS_MAX;

  constructor(private readonly ports: RunnerPorts) {}

  async work(chunk: ClaimedChunk, { stopping }: WorkSignals, onCommitted: OnCommitted): Promise<void> {
    const input = this.inputOf(chunk);
    if (!isSuspicious(chunk)) return bringThrough(input, this.ports, stopping, onCommitted);
    for (const single of singles(input)) {
      await this.ports.suspects.run(() => this.workSuspect(single, stopping, onCommitted));
    }
  }

  private inputOf({ partition, claim, from, taken }: ClaimedChunk): ChunkInput {
    const { registry } = this.ports.context;
    const items = taken.records.map((record) => decodeRecord(registry, partition.topic, record));
    const last = taken.records.at(-1);
    const { next } = taken;
    return {
      partition,
      epoch: claim.epoch,
      from,
      next,
      items,
      ...(last ? { last: lastRecordOf(last) } : {}),
    };
  }

  /** The mark is committed before the event decides and means nothing once the progress has passed it. */
  private async workSuspect(input: ChunkInput, signal: AbortSignal, onCommitted: OnCommitted): Promise<void> {
    const [item] = input.items;
    const marks = item
      ? await this.ports.store.markSuspect(input.partition, input.epoch, item.record.offset)
      : 0;
    if (marks === undefined) throw new ClaimLostError(input.partition);
    const items = item && marks > MARKS_MAX ? [asProcessKiller(item)] : input.items;
    await bringThrough({ ...input, items }, this.ports, signal, onCommitted);
  }
}

const isSuspicious = ({ claim, from }: ClaimedChunk): boolean =>
  claim.claimsUnchanged >= CLAIMS_SUSPICIOUS && from < claim.nextOffset + BigInt(CHUNK_RECORDS_MAX);

function singles(input: ChunkInput): ChunkInput[] {
  if (input.items.length <= 1) return [input];
  return input.items.map((item, at) => {
    const following = input.items[at + 1];
    const from = at === 0 ? input.from : item.record.offset;
    return {
      ...input,
      from,
      next: following ? following.record.offset : input.next,
      items: [item],
      last: lastRecordOf(item.record),
    };
  });
}

function asProcessKiller(item: DecodedItem): DecodedItem {
  const error = new SignalboxError(
    'process_died',
    `the process ended ${MARKS_MAX} times while it handled this event`,
  );
  return item.kind === 'event' ? { kind: 'poison', record: item.record, event: item.event, error } : item;
}
