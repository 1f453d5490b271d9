/** A client of kafkajs with what it takes to open and end it. */
export interface OpenedClient<C> {
  readonly client: C;
  readonly connected: Promise<void>;
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

  constructor(private readonly open: () => OpenedClient<C>) {}

  /** Runs `work` with a connected client. Rejects with what kafkajs said. */
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

  /** Disconnects. A later `use` opens a new client. */
  async close(): Promise<void> {
    const held = this.current;
    this.current = undefined;
    if (held) await this.end(held);
  }

  private take(): Held<C> {
    if (!this.current) {
      const opened = this.open();
      // Whoever uses it sees the failure.
      opened.connected.catch(() => undefined);
      this.current = { ...opened, users: 0, retired: false };
    }
    return this.current;
  }

  private async end(held: Held<C>): Promise<void> {
    await held.connected.catch(() => undefined);
    await held.disconnect().catch(() => undefined);
  }
}
