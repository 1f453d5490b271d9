import type { EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { ClaimLostError, type ChunkInput, type DecodedItem } from '../chunk/chunk.js';
import { decodeRecord, readEnvelope } from '../chunk/decode.js';
import type { IncomingRecord } from '../ports/records.js';
import { bringThrough } from './chunk-loop.js';
import { lastRecordOf } from './claim-partition.js';
import type { ChunkWorker, ClaimedChunk, OnCommitted, WorkSignals } from './chunk-worker.js';
import type { RunnerPorts } from './ports.js';

const CHUNK_RECORDS_MAX = 500;
/** Claims at one offset, made after an owner that vanished, from which on a record of the next chunk is suspected. */
const CLAIMS_SUSPICIOUS = 2;
const MARKS_MAX = 3;

/** Handles the events of a partition, a chunk a transaction; after repeated deaths at one place, one event at a time. */
export class EventWorker implements ChunkWorker {
  readonly recordsMax = CHUNK_RECORDS_MAX;
  readonly waitsOnPurpose = false;

  constructor(private readonly ports: RunnerPorts) {}

  async work(chunk: ClaimedChunk, signals: WorkSignals, onCommitted: OnCommitted): Promise<void> {
    if (!isSuspicious(chunk))
      return bringThrough(this.inputOf(chunk, chunk.taken.records), this.ports, signals, onCommitted);
    for (const single of singles(chunk)) {
      if (signals.closing.aborted) throw new ClaimLostError(chunk.partition);
      await this.ports.suspects.run(() => this.workSuspect(single, signals, onCommitted));
    }
  }

  private inputOf(chunk: ClaimedChunk, records: readonly IncomingRecord[]): ChunkInput {
    const { registry } = this.ports.context;
    const { topic } = chunk.partition;
    const items: DecodedItem[] = [];
    for (const record of records) items.push(decodeRecord(registry, topic, record));
    return { ...boundsOf(chunk), items };
  }

  /**
   * The mark is committed before anything of the agent's own code sees the event, and means nothing once the progress
   * has passed it. A process that lives to see the chunk fail takes its mark back.
   */
  private async workSuspect(
    chunk: ClaimedChunk,
    signals: WorkSignals,
    onCommitted: OnCommitted,
  ): Promise<void> {
    const { partition, claim, taken } = chunk;
    const { store } = this.ports;
    const [record] = taken.records;
    if (!record) return bringThrough(this.inputOf(chunk, []), this.ports, signals, onCommitted);
    const marks = await store.markSuspect(partition, claim.epoch, record.offset);
    if (marks === undefined) throw new ClaimLostError(partition);
    try {
      const input =
        marks > MARKS_MAX
          ? { ...boundsOf(chunk), items: [processKiller(record)] }
          : this.inputOf(chunk, [record]);
      await bringThrough(input, this.ports, signals, onCommitted);
    } catch (error) {
      await store.unmarkSuspect?.(partition, record.offset).catch(() => undefined); // one mark too many
      throw error;
    }
  }
}

const isSuspicious = ({ claim, from }: ClaimedChunk): boolean =>
  claim.claimsUnchanged >= CLAIMS_SUSPICIOUS && from < claim.nextOffset + BigInt(CHUNK_RECORDS_MAX);

function boundsOf({ partition, claim, from, taken }: ClaimedChunk): Omit<ChunkInput, 'items'> {
  const last = taken.records.at(-1);
  return {
    partition,
    epoch: claim.epoch,
    from,
    next: taken.next,
    ...(last ? { last: lastRecordOf(last) } : {}),
  };
}

/** The same records, a chunk for each. */
function singles(chunk: ClaimedChunk): ClaimedChunk[] {
  const { records, next } = chunk.taken;
  if (records.length <= 1) return [chunk];
  return records.map((record, at) => ({
    ...chunk,
    from: at === 0 ? chunk.from : record.offset,
    taken: { records: [record], next: records[at + 1]?.offset ?? next },
  }));
}

function processKiller(record: IncomingRecord): DecodedItem {
  const error = new SignalboxError(
    'process_died',
    `the process ended ${MARKS_MAX} times while it handled this event`,
  );
  const event: EventEnvelope | undefined = readEnvelope(record);
  return event ? { kind: 'poison', record, event, error } : { kind: 'poison', record, error };
}
