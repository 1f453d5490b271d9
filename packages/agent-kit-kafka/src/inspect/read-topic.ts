import type { IncomingRecord } from '@signalbox/agent-kit';
import { kafkaErrorType } from '../kafkajs-errors.js';
import type { FetchLimits, LogReader, Slice } from './log-reader.js';

export interface TopicRecord extends IncomingRecord {
  readonly topic: string;
  readonly partition: number;
}

export interface ReadOptions {
  /** First record at or after this time, milliseconds since 1970; left out: from the start of the log. */
  readonly fromTimeMs?: number;
  /** Offsets to start at, by partition; wins over `fromTimeMs`. Earlier than the log's start: the start. */
  readonly from?: ReadonlyMap<number, bigint>;
  /** Offsets to end before, by partition; left out: the end of the log when the reading starts. */
  readonly until?: ReadonlyMap<number, bigint>;
}

export interface TailOptions {
  /** Ends the iteration; without it the tail runs until the loop is left. */
  readonly signal?: AbortSignal;
  /** Where to start: a time, or the end of the log (the default). */
  readonly fromTimeMs?: number;
}

const fetchBytesMax = 8 * 1024 * 1024;
const tailWaitMs = 250;
const scanWaitMs = 100;
/** A log can end in batches that compaction emptied; kafkajs can't see past them. */
const fruitlessFetchesMax = 20;

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

async function startOf(
  reader: LogReader,
  topic: string,
  partitions: readonly number[],
  options: Pick<ReadOptions, 'from' | 'fromTimeMs'>,
): Promise<Map<number, bigint>> {
  const lows = await reader.offsets(topic, partitions, 'start');
  const ends = await reader.offsets(topic, partitions, 'end');
  const { from, fromTimeMs } = options;
  const times =
    fromTimeMs === undefined ? lows : await reader.offsets(topic, partitions, { timeMs: fromTimeMs });
  return new Map(
    partitions.map((id) => {
      const low = lows.get(id) ?? 0n;
      const found = from?.get(id) ?? times.get(id) ?? -1n;
      // -1: nothing at or after the time.
      return [id, found < 0n ? (ends.get(id) ?? low) : larger(found, low)];
    }),
  );
}

/** Fetches; where the log was cut or made anew meanwhile, the positions move to its start instead. */
async function fetchOrRestart(
  reader: LogReader,
  topic: string,
  from: ReadonlyMap<number, bigint>,
  limits: FetchLimits,
): Promise<Slice[]> {
  try {
    return await reader.fetch(topic, from, limits);
  } catch (error) {
    if (kafkaErrorType(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
    const lows = await reader.offsets(topic, [...from.keys()], 'start');
    const ends = await reader.offsets(topic, [...from.keys()], 'end');
    return [...from].map(([partition, offset]) => {
      const low = lows.get(partition) ?? 0n;
      const isInside = offset >= low && offset <= (ends.get(partition) ?? low);
      return { partition, records: [], nextOffset: isInside ? offset : low };
    });
  }
}

/** Reads a topic up to an end that is known beforehand. */
export async function* readTopic(
  open: () => LogReader,
  topic: string,
  options: ReadOptions,
): AsyncGenerator<TopicRecord> {
  const reader = open();
  try {
    const partitions = await reader.partitions(topic);
    const ends = await reader.offsets(topic, partitions, 'end');
    const until = new Map(partitions.map((id) => [id, options.until?.get(id) ?? ends.get(id) ?? 0n]));
    const next = await startOf(reader, topic, partitions, options);
    const unread = () => new Map([...next].filter(([id, offset]) => offset < (until.get(id) ?? 0n)));
    let fruitless = 0;
    for (let todo = unread(); todo.size > 0 && fruitless < fruitlessFetchesMax; todo = unread()) {
      const slices = await fetchOrRestart(reader, topic, todo, {
        waitMs: scanWaitMs,
        bytesMax: fetchBytesMax,
      });
      fruitless = slices.some(({ partition, nextOffset }) => nextOffset !== todo.get(partition))
        ? 0
        : fruitless + 1;
      for (const { partition, records, nextOffset } of slices) {
        next.set(partition, nextOffset);
        const end = until.get(partition) ?? 0n;
        for (const record of records) if (record.offset < end) yield { topic, partition, ...record };
      }
    }
  } finally {
    await reader.close();
  }
}

/** Reads a topic as it grows; partitions added meanwhile are not seen. */
export async function* tailTopic(
  open: () => LogReader,
  topic: string,
  options: TailOptions,
): AsyncGenerator<TopicRecord> {
  const reader = open();
  const aborted = () => options.signal?.aborted === true;
  try {
    const partitions = await reader.partitions(topic);
    const { fromTimeMs } = options;
    const next =
      fromTimeMs === undefined
        ? await reader.offsets(topic, partitions, 'end')
        : await startOf(reader, topic, partitions, { fromTimeMs });
    while (!aborted()) {
      const slices = await fetchOrRestart(reader, topic, next, {
        waitMs: tailWaitMs,
        bytesMax: fetchBytesMax,
      });
      for (const { partition, records, nextOffset } of slices) {
        next.set(partition, nextOffset);
        for (const record of records) {
          if (aborted()) return;
          yield { topic, partition, ...record };
        }
      }
    }
  } finally {
    await reader.close();
  }
}
