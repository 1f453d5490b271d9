import { SignalboxError } from '@signalbox/errors';
import { ClaimLostError, type ChunkInput, type DecodedItem } from '../chunk/chunk.js';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { runChunk } from '../chunk/run-chunk.js';
import { clarifyCommit, type Clarified } from '../outbox/clarify-commit.js';
import { UnclearCommitError } from '../outbox/commit-in-order.js';
import { publishReserved, type ReservedRows } from '../outbox/reserved-rows.js';
import { unlessAborted } from './abort.js';
import { KeyMadeMeanwhileError } from '../ports/store.js';
import { backoffMs } from './backoff.js';
import { publishForeign } from './claim-partition.js';
import type { OnCommitted, WorkSignals } from './chunk-worker.js';
import { isInfrastructure } from './is-infrastructure.js';
import type { RunnerPorts } from './ports.js';

/** Lost races for new keys after which the next attempt waits a little. */
const RACES_MAX = 3;

/**
 * Brings one chunk through, whatever the database does meanwhile: infrastructure failures repeat it, a fault of the
 * data halves it until the bad event is alone. Tells of each committed transaction, in order.
 * Rejects with `ClaimLostError` when another process has the partition, or when `stopping` aborts.
 */
export async function bringThrough(
  input: ChunkInput,
  ports: RunnerPorts,
  signals: WorkSignals,
  onCommitted: OnCommitted,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return onCommitted(publishReserved(await runOnce(input, ports), ports.acknowledged));
    } catch (error) {
      if (error instanceof ClaimLostError) throw error;
      if (error instanceof KeyMadeMeanwhileError && attempt <= RACES_MAX) continue;
      if (error instanceof UnclearCommitError) {
        const { outcome, published } = await clarify(input, error, ports, signals);
        onCommitted(published);
        if (outcome === 'committed') return;
        if (outcome === 'lost') throw new ClaimLostError(input.partition);
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

async function runOnce(input: ChunkInput, ports: RunnerPorts): Promise<ReservedRows> {
  const acknowledged = ports.acknowledged.take();
  try {
    return await ports.transactions.run(() =>
      runChunk(ports.store, ports.context, input, acknowledged, ports.publisher),
    );
  } catch (error) {
    ports.acknowledged.putBack(acknowledged);
    throw error;
  }
}

type Outcome = 'committed' | 'undone' | 'lost';

/** COMMIT's answer was lost: the stored progress tells whether it happened. Given up as a waiter when `stopping` aborts. */
function clarify(
  input: ChunkInput,
  error: UnclearCommitError,
  ports: RunnerPorts,
  { stopping, onTrouble }: WorkSignals,
): Promise<{ outcome: Outcome; published: Promise<void> }> {
  const showTrouble = (): void => {
    ports.measures.trouble('chunk');
    onTrouble?.();
  };
  const asked = clarifyCommit(error, () => askProgress(input, error, ports), ports, showTrouble);
  return unlessAborted(asked, stopping);
}

async function askProgress(
  { partition, epoch, from, next }: ChunkInput,
  { reserved }: UnclearCommitError,
  { store }: RunnerPorts,
): Promise<Clarified<Outcome>> {
  const ids = reserved.rows.map(({ id }) => id);
  const stored = await store.confirm(partition, epoch);
  if (stored === next) return { outcome: 'committed', rows: ids };
  if (stored === from) return { outcome: 'undone', rows: [] };
  // The new owner's claim has waited for the end of our transaction, which may have been committed all the same.
  return { outcome: 'lost', rows: ids.length > 0 ? await store.storedOutbox(ids) : [] };
}

/** The database refused the data itself: halve until the bad event is alone, which then becomes a dead letter. */
async function bringPartsThrough(
  input: ChunkInput,
  error: unknown,
  ports: RunnerPorts,
  signals: WorkSignals,
  onCommitted: OnCommitted,
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
