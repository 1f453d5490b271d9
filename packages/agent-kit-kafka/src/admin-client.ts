import type { Admin } from 'kafkajs';
import { ClientSockets } from './client-sockets.js';
import { createKafka, type KafkaConnectionOptions } from './connection.js';
import type { KafkaLogger } from './log-bridge.js';
import { RenewableClient } from './renewable-client.js';

const requestTimeoutMs = 15_000;

/** kafkajs's admin, renewed after a failure. */
export class AdminClient extends RenewableClient<Admin> {
  constructor(connection: KafkaConnectionOptions, logger?: KafkaLogger) {
    super(() => {
      const sockets = new ClientSockets(connection.route);
      const client = createKafka(connection, { sockets, logger, requestTimeoutMs, retries: 2 }).admin();
      return { client, connected: client.connect(), disconnect: () => client.disconnect(), sockets };
    });
  }
}
