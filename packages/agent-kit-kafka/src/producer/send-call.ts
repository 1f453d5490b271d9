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
  for (const name in record.headers) {
    const value = record.headers[name] ?? '';
    // A string takes at most three bytes a UTF-16 unit; exact enough for a bound, and cheap.
    bytes +=
      headerOverheadBytes + name.length * 3 + (typeof value === 'string' ? value.length * 3 : value.length);
  }
  return bytes;
}

function toMessage(record: OutgoingRecord, partition: number): Message {
  const headers = record.headers as Record<string, string | Buffer>;
  const message: Message = { key: record.key, value: record.value, headers, partition };
  if (record.timestampMs !== undefined) message.timestamp = String(record.timestampMs);
  return message;
}

/** One call of `send`: settles when each of its records is acknowledged or refused, or when its deadline passes. */
export class SendCall {
  readonly items: readonly Item[];
  readonly bytes: number;
  readonly result: Promise<void>;
  private open: number;
  private refused: ErrorPointer[] | undefined;
  private done = false;
  private resolve: () => void = () => undefined;
  private reject: (error: SignalboxError) => void = () => undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly to: TopicPartition,
    records: readonly OutgoingRecord[],
    deadlineMs: number,
    private readonly onSettled: (call: SendCall) => void,
  ) {
    let bytes = 0;
    const items: Item[] = [];
    for (const record of records) {
      const item = {
        message: toMessage(record, to.partition),
        bytes: bytesOf(record),
        index: items.length,
        call: this,
      };
      bytes += item.bytes;
      items.push(item);
    }
    this.items = items;
    this.bytes = bytes;
    this.open = items.length;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.timer = setTimeout(expire, deadlineMs, this, deadlineMs);
  }

  get settled(): boolean {
    return this.done;
  }

  acknowledge(): void {
    this.close();
  }

  refuse(index: number, reason: string): void {
    this.refused ??= [];
    if (this.refused.length < pointersMax) this.refused.push({ pointer: `/${index}`, message: reason });
    this.close();
  }

  /** The outcome of at least one record is not known. */
  unavailable(reason: string): void {
    const message = `Kafka did not acknowledge the records for ${this.place}: ${reason}.`;
    this.finish(new SignalboxError('broker_unavailable', message));
  }

  private get place(): string {
    return `${this.to.topic}[${this.to.partition}]`;
  }

  private close(): void {
    this.open -= 1;
    if (this.open > 0) return;
    const first = this.refused?.[0];
    if (!first || !this.refused) return this.finish();
    const message = `Kafka refused a record for ${this.place}: ${first.message}.`;
    this.finish(new SignalboxError('broker_refused', message, { pointers: this.refused }));
  }

  private finish(error?: SignalboxError): void {
    if (this.done) return;
    this.done = true;
    clearTimeout(this.timer);
    this.onSettled(this);
    if (error) this.reject(error);
    else this.resolve();
  }
}

function expire(call: SendCall, deadlineMs: number): void {
  call.unavailable(`no acknowledgement within ${deadlineMs} ms`);
}
