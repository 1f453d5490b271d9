import { SignalboxError } from '@signalbox/errors';
import type { ClientSockets } from './client-sockets.js';

/** A client of kafkajs with what it takes to open and end it. */
export interface OpenedClient<C> {
  readonly client: C;
  readonly connected: Promise<void>;
  readonly sockets: ClientSockets;
  disconnect(): Promise<void>;
}

interface Held<C> extends OpenedClient<C> {
  users: number;
  retired: boolean;
}

/**
 * A client that is made anew after each failure: kafkajs keeps asking about topics that were deleted meanwhile, and does
 * not recover from some connection errors. Who still uses the old client finishes with it.
 */
export class RenewableClient<C> {
  private current: Held<C> | undefined;
  /** Not only the current one: after a failure others may still finish with the old one. */
  private readonly opened = new Set<Held<C>>();
  private readonly ending = new Set<Promise<void>>();
  private isClosed = false;

  constructor(private readonly openNew: () => OpenedClient<C>) {}

  /** Runs `work` with a connected client. Rejects with what kafkajs said, or with `broker_unavailable` once closed. */
  async use<T>(work: (client: C) => Promise<T>): Promise<T> {
    const held = this.take();
    held.users += 1;
    try {
      await held.connected;
      return await work(held.client);
    } catch (error) {
      held.retired = true;
      if (this.current === held) this.current = undefined;
      throw error;
    } finally {
      held.users -= 1;
      if (held.retired && held.users === 0) void this.end(held);
    }
  }

  /** Disconnects for good; what still uses the client fails after at most 5 s. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const held of this.opened) void this.end(held);
    await Promise.all(this.ending);
  }

  /** Closes without a goodbye: what still uses the client fails at once. */
  cut(): void {
    this.isClosed = true;
    for (const { sockets } of this.opened) sockets.end();
  }

  private take(): Held<C> {
    if (this.isClosed) throw new SignalboxError('broker_unavailable', 'This client of Kafka was closed.');
    if (!this.current) {
      const opened = this.openNew();
      // Whoever uses it sees the failure.
      opened.connected.catch(() => undefined);
      this.current = { ...opened, users: 0, retired: false };
      this.opened.add(this.current);
    }
    return this.current;
  }

  private end(held: Held<C>): Promise<void> {
    if (!this.opened.delete(held)) return Promise.resolve();
    const connected = held.connected.catch(() => undefined);
    const end = held.sockets
      .close(() => connected.then(() => held.disconnect()))
      .finally(() => this.ending.delete(end));
    this.ending.add(end);
    return end;
  }
}
