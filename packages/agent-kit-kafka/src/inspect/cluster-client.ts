import { SignalboxError } from '@signalbox/errors';
import { PartitionAssigners, type Cluster } from 'kafkajs';
import { ClientSockets } from '../client-sockets.js';
import { createKafka, type KafkaConnectionOptions } from '../connection.js';
import type { KafkaLogger } from '../log-bridge.js';
import { RenewableClient } from '../renewable-client.js';

const requestTimeoutMs = 10_000;
const metadataMaxAgeMs = 30_000;

/**
 * kafkajs's cluster, the way to plain requests of a broker. kafkajs shows it only to partition assigners, so this takes
 * it there; the consumer it comes from is never run and joins nothing.
 */
export class ClusterClient extends RenewableClient<Cluster> {
  constructor(connection: KafkaConnectionOptions, logger?: KafkaLogger) {
    super(() => {
      const sockets = new ClientSockets(connection.route);
      const client = captureCluster(connection, sockets, logger);
      return { client, connected: client.connect(), disconnect: () => client.disconnect(), sockets };
    });
  }
}

function captureCluster(
  connection: KafkaConnectionOptions,
  sockets: ClientSockets,
  logger?: KafkaLogger,
): Cluster {
  let captured: Cluster | undefined;
  createKafka(connection, { sockets, logger, requestTimeoutMs, retries: 2 }).consumer({
    groupId: 'never-joined',
    allowAutoTopicCreation: false,
    metadataMaxAge: metadataMaxAgeMs,
    partitionAssigners: [
      (config) => {
        captured = config.cluster;
        return PartitionAssigners.roundRobin(config);
      },
    ],
  });
  if (!captured) throw new SignalboxError('internal', 'kafkajs no longer shows its cluster to assigners.');
  return captured;
}
