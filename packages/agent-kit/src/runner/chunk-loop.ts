import { SignalboxError } from '@signalbox/errors';
import { ClaimLostError, type ChunkInput, type DecodedItem } from '../chunk/chunk.js';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { runChunk } from '../chunk/run-chunk.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import { CommitUnknownError } from '../ports/store.js';
import { backoffMs } from './backoff.js';
import { publishForeign } from './claim-partition.js';
import type { WorkSignals } from './chunk-worker.js';
import type { RunnerPorts } from './ports.js';

/**
 * Brings one chunk through, whatever the database does meanwhile: infrastructure failures repeat it, a fault of the
 * data halves it until the bad event is alone. Returns the rows to publish per committed transaction, in order.
 * Rejects with `ClaimLostError` when another process has the partition, or when `stopping` aborts.
 */
export async function bringThrough(
  input: ChunkInput,
  ports: RunnerPorts,
  signals: WorkSignals,
  onCommitted: (rows: readonly CommittedRow[]) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return onCommitted(await runOnce(input, ports));
    } catch (error) {
      if (error instanceof ClaimLostError) throw error;
      if (error instanceof CommitUnknownError) {
        const rows = await settleUnknown(input, error, ports, signals);
        if (rows) return onCommitted(rows);
      } else if (error instanceof UnpublishedBeforeUsError) {
        await publishForeign(error.rows, ports, signals.stopping);
      } else if (isInfrastructure(error)) {
        ports.quiet.warn(
          'chunk',
          { ...input.partition, error: String(error) },
          'The chunk could not be committed; trying again',
        );
        await pause(attempt, ports, signals);
      } else {
        return bringPartsThrough(input, error, ports, signals, onCommitted);
      }
    }
  }
}

async function runOnce(input: ChunkInput, ports: RunnerPorts): Promise<CommittedRow[]> {
  const acknowledged = ports.acknowledged.take();
  try {
    return await ports.transactions.run(() => runChunk(ports.store, ports.context, input, acknowledged));
  } catch (error) {
    ports.acknowledged.putBack(acknowledged);
    throw error;
  }
}

/** COMMIT's answer was lost: the stored progress tells whether it happened. */
async function settleUnknown(
  input: ChunkInput,
  error: CommitUnknownError & { rows?: CommittedRow[] },
  ports: RunnerPorts,
  signals: WorkSignals,
): Promise<CommittedRow[] | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const stored = await ports.store.confirm(input.partition, input.epoch);
      if (stored === input.next) return error.rows ?? [];
      if (stored === input.from) return undefined;
      throw new ClaimLostError(input.partition);
    } catch (failure) {
      if (!isInfrastructure(failure)) throw failure;
      await pause(attempt, ports, signals);
    }
  }
}

/** The database refused the data itself: halve until the bad event is alone, which then becomes a dead letter. */
async function bringPartsThrough(
  input: ChunkInput,
  error: unknown,
  ports: RunnerPorts,
  signals: WorkSignals,
  onCommitted: (rows: readonly CommittedRow[]) => void,
): Promise<void> {
  for (const part of halves(input, error)) await bringThrough(part, ports, signals, onCommitted);
}

function halves(input: ChunkInput, error: unknown): ChunkInput[] {
  const { items } = input;
  const [only] = items;
  if (!only) throw error;
  if (items.length === 1) return [{ ...input, items: [nextPoison(only, error)] }];
  const middle = Math.ceil(items.length / 2);
  const boundary = (items[middle] as DecodedItem).record.offset;
  const { last, ...rest } = input;
  return [
    { ...rest, next: boundary, items: items.slice(0, middle) },
    { ...rest, from: boundary, items: items.slice(middle), ...(last ? { last } : {}) },
  ];
}

/** First as a dead letter of this event; when even that cannot be stored, one of its bare record. */
function nextPoison(item: DecodedItem, error: unknown): DecodedItem {
  if (item.kind === 'event') return asPoison(item, error);
  if (!item.event) throw error;
  return { kind: 'poison', record: item.record, error: item.error };
}

function asPoison(item: DecodedItem, thrown: unknown): DecodedItem {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const error = new SignalboxError('output_invalid', `the database refused it: ${message}`, {
    cause: thrown,
  });
  return item.kind === 'event' ? { kind: 'poison', record: item.record, event: item.event, error } : item;
}

/** Whether waiting can help: the database or the broker is away, or the transaction lost a race. */
export function isInfrastructure(error: unknown): boolean {
  return (
    error instanceof SignalboxError &&
    ['database_unavailable', 'broker_unavailable', 'schema_newer'].includes(error.code)
  );
}

async function pause(
  attempt: number,
  { context, random, measures }: RunnerPorts,
  { stopping, onTrouble }: WorkSignals,
): Promise<void> {
  measures.trouble('chunk');
  onTrouble?.();
  await context.clock.sleep(backoffMs(attempt, random), stopping);
  stopping.throwIfAborted();
}
