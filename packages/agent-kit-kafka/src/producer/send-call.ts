import type { OutgoingRecord, TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import type { Message } from 'kafkajs';

const pointersMax = 50;
/** Length, attributes, timestamp and offset deltas of a record, and a margin. */
const recordOverheadBytes = 32;
const headerOverheadBytes = 8;

/** One record on its way, and the call it came with. */
export interface Item {
  readonly message: Message;
  /** Upper bound of its size in a batch. */
  readonly bytes: number;
  readonly index: number;
  readonly call: SendCall;
}

function bytesOf(record: OutgoingRecord): number {
  let bytes = recordOverheadBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of Object.entries(record.headers)) {
    // A string takes at most three bytes a UTF-16 unit; exact enough for a bound, and cheap.
    bytes +=
      headerOverheadBytes + name.length * 3 + (typeof value === 'string' ? value.length * 3 : value.length);
  }
  return bytes;
}

const toMessage = (record: OutgoingRecord, partition: number): Message => ({
  key: record.key,
  value: record.value,
  headers: record.headers as Record<string, string | Buffer>,
  partition,
  ...(record.timestampMs === undefined ? {} : { timestamp: String(record.timestampMs) }),
});

/** One call of `send`: settles when each of its records is acknowledged or refused, or when its deadline passes. */
export class SendCall {
  readonly items: readonly Item[];
  readonly bytes: number;
  readonly result: Promise<void>;
  private open: number;
  private readonly refused: ErrorPointer[] = [];
  private done = false;
  private finish: (error?: SignalboxError) => void = () => undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly to: TopicPartition,
    records: readonly OutgoingRecord[],
    deadlineMs: number,
    onSettled: () => void,
  ) {
    this.items = records.map((record, index) => ({
      message: toMessage(record, to.partition),
      bytes: bytesOf(record),
      index,
      call: this,
    }));
    this.bytes = this.items.reduce((sum, item) => sum + item.bytes, 0);
    this.open = records.length;
    this.result = new Promise((resolve, reject) => {
      this.finish = (error) => {
        if (this.done) return;
        this.done = true;
        clearTimeout(this.timer);
        onSettled();
        if (error) reject(error);
        else resolve();
      };
    });
    this.timer = setTimeout(() => this.unavailable(`no acknowledgement within ${deadlineMs} ms`), deadlineMs);
  }

  get settled(): boolean {
    return this.done;
  }

  acknowledge(): void {
    this.close();
  }

  refuse(index: number, reason: string): void {
    if (this.refused.length < pointersMax) this.refused.push({ pointer: `/${index}`, message: reason });
    this.close();
  }

  /** The outcome of at least one record is not known. */
  unavailable(reason: string): void {
    const where = `${this.to.topic}[${this.to.partition}]`;
    this.finish(
      new SignalboxError(
        'broker_unavailable',
        `Kafka did not acknowledge the records for ${where}: ${reason}.`,
      ),
    );
  }

  private close(): void {
    this.open -= 1;
    if (this.open > 0) return;
    const first = this.refused[0];
    if (!first) return this.finish();
    const where = `${this.to.topic}[${this.to.partition}]`;
    const details = { pointers: this.refused };
    this.finish(
      new SignalboxError('broker_refused', `Kafka refused a record for ${where}: ${first.message}.`, details),
    );
  }
}
