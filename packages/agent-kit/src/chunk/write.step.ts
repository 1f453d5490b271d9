import { SignalboxError } from '@signalbox/errors';
import { partitionOf } from '../murmur2.js';
import { encodeRecords } from '../outbox/stored-records.js';
import type { TopicPartition } from '../ports/records.js';
import type { OutboxInsert } from '../ports/store.js';
import { activityRecords } from './activity.js';
import { alertsOfNewFailures } from './new-failures.js';
import type { StepContext } from './context.js';
import type { Effects, OutgoingEvent } from './effects.js';
import type { ChunkRun } from './chunk.js';
import type { KeyCells } from './key-cells.js';
import type { CommittedRow } from '../outbox/committed-row.js';

/** Writes everything the chunk has led to; afterwards only COMMIT is missing. */
export async function write(run: ChunkRun, context: StepContext): Promise<CommittedRow[]> {
  if (!run.opened) throw new SignalboxError('internal', 'write runs after fence');
  const { chunk, now } = run.opened;
  return writeEffects(run, context, { chunk, now, origin: run.input.partition, cells: run.cells });
}

/** The same for work of any origin: the rows to publish once the transaction is committed. */
export async function writeEffects(
  { tx, effects, acknowledged }: { tx: ChunkRun['tx']; effects: Effects; acknowledged: readonly bigint[] },
  context: StepContext,
  opened: { chunk: bigint; now: Date; origin: TopicPartition | null; cells: KeyCells | undefined },
): Promise<CommittedRow[]> {
  const { chunk, now, origin, cells } = opened;
  const activity = activityRecords(context.agent, context.instance, chunk, now, effects.activity);
  const alerts = await alertsOfNewFailures(tx, effects.deadLetters, context, { chunk, now });
  const outbox = await groupByPartition([...effects.events, ...alerts, ...activity], context);
  const ids = await tx.write({
    chunk,
    origin,
    keys: cells?.writes() ?? [],
    pending: effects.pending,
    timers: effects.timers,
    deadLetters: effects.deadLetters,
    outbox,
    acknowledged,
  });
  return outbox.map((row, at) => ({ ...row, id: ids[at] as bigint }));
}

const noKey = Buffer.alloc(0);

async function groupByPartition(
  events: readonly OutgoingEvent[],
  { producer }: StepContext,
): Promise<OutboxInsert[]> {
  const counts = new Map<string, number>();
  for (const { topic } of events)
    if (!counts.has(topic)) counts.set(topic, await producer.partitionCount(topic));
  const groups = new Map<string, TopicPartition & { records: OutgoingEvent['record'][] }>();
  for (const { topic, record } of events) {
    const partition = partitionOf(record.key ?? noKey, counts.get(topic) as number);
    const id = `${topic}/${partition}`;
    const group = groups.get(id) ?? { topic, partition, records: [] };
    groups.set(id, group);
    group.records.push(record);
  }
  return [...groups.values()].map((group) => ({ ...group, encoded: encodeRecords(group.records) }));
}
