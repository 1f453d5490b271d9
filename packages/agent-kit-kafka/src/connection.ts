import { Kafka, logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';
import type { BrokerAddress } from './broker-address.js';
import type { ClientSockets } from './client-sockets.js';
import { registerCodecs } from './codecs/register.js';
import { createLogBridge, type KafkaLogEntry, type KafkaLogger } from './log-bridge.js';
import { restWhenIdle } from './rest-when-idle.js';
import { shareConnects } from './share-connects.js';
import { useRecordDecoder } from './use-record-decoder.js';

/** How to reach Kafka. */
export interface KafkaConnectionOptions {
  /** `host:port` of at least one broker; the others are found by themselves. */
  readonly brokers: readonly string[];
  /** Name that shows in the broker's logs and quotas. */
  readonly clientId: string;
  /** Present: TLS. `ca` is the PEM text of the authority when it is not a public one. */
  readonly ssl?: { readonly ca?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Sends a connection meant for the advertised address elsewhere: port forwarding, or a proxy in tests. */
  readonly route?: (advertised: BrokerAddress) => BrokerAddress;
}

export interface ClientOptions {
  /** What the client connects through; whoever made it ends it with the client. */
  readonly sockets: ClientSockets;
  readonly logger?: KafkaLogger | undefined;
  /** Longest wait for one answer of a broker, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Extra attempts kafkajs makes inside one call. */
  readonly retries: number;
  /** Sees every warning and error of kafkajs, before rate limiting. */
  readonly onLogEntry?: (entry: KafkaLogEntry) => void;
}

const connectionTimeoutMs = 5_000;
const authenticationTimeoutMs = 10_000;
const retryDelayMsFirst = 200;
const retryDelayMsMax = 2_000;

/** A kafkajs client in which nothing is left to defaults that depend on NODE_ENV (pitfall 19). */
export function createKafka(connection: KafkaConnectionOptions, options: ClientOptions): Kafka {
  registerCodecs();
  useRecordDecoder();
  shareConnects();
  restWhenIdle();
  const { ssl, sasl } = connection;
  const log = createLogBridge(options.logger, options.onLogEntry);
  const config: KafkaConfig = {
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    connectionTimeout: connectionTimeoutMs,
    authenticationTimeout: authenticationTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: retrySettings(options.retries),
    socketFactory: options.sockets.factory,
    logLevel: logLevel.WARN,
    logCreator: (level) => {
      const write = log(level);
      // What a closed client still tries is nobody's concern.
      return (entry) => (options.sockets.isEnded ? undefined : write(entry));
    },
    ...(ssl ? { ssl: ssl.ca === undefined ? true : { ca: [ssl.ca] } } : {}),
    ...(sasl ? { sasl: sasl as SASLOptions } : {}),
  };
  return new Kafka(config);
}

/** Complete retry settings: kafkajs takes other ones under NODE_ENV=test for whatever is left out. */
export function retrySettings(retries: number) {
  return {
    retries,
    initialRetryTime: retryDelayMsFirst,
    maxRetryTime: retryDelayMsMax,
    multiplier: 2,
    factor: 0.2,
  };
}
