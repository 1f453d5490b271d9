import { isRfc3339 } from '@signalbox/contracts';
import { ClaimLostError } from '../chunk/chunk.js';
import type { IncomingRecord } from '../ports/records.js';
import type { WakeUp } from '../ports/store.js';
import type { ChunkWorker, ClaimedChunk, WorkSignals } from './chunk-worker.js';
import { lastRecordOf } from './claim-partition.js';
import type { RunnerPorts } from './ports.js';
import { WakeUpTransactions } from './wake-up-transactions.js';

const WAKE_UPS_MAX = 500;
/**
 * Wake-ups are looked for so often, at times which all partitions of this process share: what is due in them by then
 * goes together. Retries come so much too late at most.
 */
const GATHER_MS = 200;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Longest sleep in one go: the agent's clock may be stepped meanwhile. */
const SLEEP_MS_MAX = 1_000;

/**
 * Works off a retry topic. Its records all wait equally long, so the first is the earliest: the partition stands still
 * until that one is due, then wakes the work it names. A record that names work which is over changes nothing.
 */
export class WakeUpWorker implements ChunkWorker {
  readonly recordsMax = WAKE_UPS_MAX;
  readonly waitsOnPurpose = true;

  constructor(
    private readonly ports: RunnerPorts,
    /** Shared by the partitions of a process, so that what is due in several goes together. */
    private readonly transactions = new WakeUpTransactions(ports),
  ) {}

  async work(chunk: ClaimedChunk, signals: WorkSignals): Promise<void> {
    let { from } = chunk;
    const left = [...chunk.taken.records];
    while (left.length > 0) {
      const nowMs = await this.waitForHead(left[0] as IncomingRecord, signals);
      if (signals.closing.aborted) throw new ClaimLostError(chunk.partition);
      const isLater = left.findIndex((record) => dueMs(record) > nowMs);
      const due = left.splice(0, isLater === -1 ? left.length : isLater);
      const next = left[0]?.offset ?? chunk.taken.next;
      await this.commit(chunk, from, next, due);
      from = next;
    }
    if (chunk.taken.records.length === 0) await this.commit(chunk, from, chunk.taken.next, []);
  }

  /** The agent's time, once the record is due or the partition is being let go of. */
  private async waitForHead(head: IncomingRecord, { closing }: WorkSignals): Promise<number> {
    const { clock } = this.ports.context;
    for (;;) {
      const nowMs = (await this.transactions.now()).getTime();
      const leftMs = dueMs(head) - nowMs;
      if (leftMs <= -GATHER_MS || closing.aborted) return nowMs;
      if (leftMs > 0) {
        await clock.sleep(Math.min(leftMs, SLEEP_MS_MAX), closing);
        continue;
      }
      // In real time: the agent's clock may stand still.
      await clock.sleep(GATHER_MS - (clock.nowMs() % GATHER_MS), closing);
      return (await this.transactions.now()).getTime();
    }
  }

  private async commit(
    { partition, claim }: ClaimedChunk,
    from: bigint,
    next: bigint,
    due: IncomingRecord[],
  ): Promise<void> {
    const last = due.at(-1);
    const fence = { ...partition, epoch: claim.epoch, expectedOffset: from, nextOffset: next };
    await this.transactions.take({
      fence: last ? { ...fence, last: lastRecordOf(last) } : fence,
      wakeUps: due.flatMap(wakeUpOf),
    });
  }
}

const header = (record: IncomingRecord, name: string): string =>
  record.headers[name]?.toString('utf8', 0, 64) ?? '';

/** A record without a readable time is due at once. */
function dueMs(record: IncomingRecord): number {
  const text = header(record, 'sb-due-at');
  return isRfc3339(text) ? Date.parse(text) : 0;
}

function wakeUpOf(record: IncomingRecord): WakeUp[] {
  const handle = header(record, 'sb-pending-id');
  const attempts = header(record, 'sb-attempt');
  return UUID.test(handle) && /^\d{1,6}$/.test(attempts) ? [{ handle, attempts: Number(attempts) }] : [];
}
