import type { Admin } from 'kafkajs';
import { createKafka, type KafkaConnectionOptions } from './connection.js';
import type { KafkaLogger } from './log-bridge.js';

const requestTimeoutMs = 15_000;

/**
 * A kafkajs admin that is made anew after each failure: kafkajs keeps asking about topics that were deleted meanwhile,
 * and turns some connection errors into a TypeError.
 */
export class AdminClient {
  private current: { admin: Admin; connected: Promise<void> } | undefined;

  constructor(
    private readonly connection: KafkaConnectionOptions,
    private readonly logger?: KafkaLogger,
  ) {}

  /** Runs `work` with a connected admin. Rejects with what kafkajs said. */
  async use<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const client = (this.current ??= this.open());
    try {
      await client.connected;
      return await work(client.admin);
    } catch (error) {
      if (this.current === client) this.current = undefined;
      void client.admin.disconnect().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.current;
    this.current = undefined;
    await client?.connected.catch(() => undefined);
    await client?.admin.disconnect().catch(() => undefined);
  }

  private open(): { admin: Admin; connected: Promise<void> } {
    const admin = createKafka(this.connection, { logger: this.logger, requestTimeoutMs, retries: 2 }).admin();
    const connected = admin.connect();
    connected.catch(() => undefined);
    return { admin, connected };
  }
}
