import type { Admin } from 'kafkajs';
import { createKafka, type KafkaConnectionOptions } from './connection.js';
import type { KafkaLogger } from './log-bridge.js';
import { RenewableClient } from './renewable-client.js';

const requestTimeoutMs = 15_000;

/** kafkajs's admin, renewed after a failure. */
export class AdminClient extends RenewableClient<Admin> {
  constructor(connection: KafkaConnectionOptions, logger?: KafkaLogger) {
    super(() => {
      const client = createKafka(connection, { logger, requestTimeoutMs, retries: 2 }).admin();
      return { client, connected: client.connect(), disconnect: () => client.disconnect() };
    });
  }
}
