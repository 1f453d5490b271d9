import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import {
  commaList,
  httpSettings,
  kafkaConnection,
  kafkaSettings,
  listenPort,
  loadSettings,
  logSettings,
  wholeNumber,
  type Environment,
} from '@signalbox/config';
import { z } from 'zod';
import { readySource, type ReadySource } from '../sources/ready-source.js';
import type { WebhookSource } from '../sources/source.js';
import { webhookSources } from '../sources/sources.js';
import { defaultSecretVariable, sourceSecrets } from './source-secrets.js';

/** Everything that bounds what senders can make the gateway hold or wait for. */
export interface GatewayLimits {
  /** How long Kafka may take to acknowledge a webhook. */
  readonly acknowledgeMsMax: number;
  /** Webhooks between their last byte and Kafka's answer; the next is refused at once. */
  readonly inFlightMax: number;
  /** Bytes of all bodies in memory, those still arriving included. */
  readonly bodyBytesInFlightMax: number;
  readonly connectionsMax: number;
  readonly headersMsMax: number;
  /** From the first to the last byte of a request. */
  readonly requestMsMax: number;
  /** How long a stop waits for requests in flight. */
  readonly stopMsMax: number;
}

export interface GatewaySettings {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly kafka: KafkaConnectionOptions;
  readonly sources: readonly ReadySource[];
  readonly limits: GatewayLimits;
}

const baseSchema = z.object({
  ...httpSettings.shape,
  PORT: listenPort.default(3000),
  ...kafkaSettings.shape,
  ...logSettings.shape,
  GATEWAY_ACKNOWLEDGE_MS_MAX: wholeNumber(100, 30_000).default(5_000),
  GATEWAY_IN_FLIGHT_MAX: wholeNumber(1, 100_000).default(2_000),
  GATEWAY_BODY_BYTES_IN_FLIGHT_MAX: wholeNumber(65_536, 4_294_967_296).default(67_108_864),
  GATEWAY_CONNECTIONS_MAX: wholeNumber(1, 100_000).default(10_000),
  GATEWAY_HEADERS_MS_MAX: wholeNumber(100, 60_000).default(10_000),
  GATEWAY_REQUEST_MS_MAX: wholeNumber(100, 300_000).default(20_000),
});

/** Reads the environment once. Throws `config_invalid` that names every bad variable and every source without secret. */
export function loadGatewaySettings(
  env?: Environment,
  sources: readonly WebhookSource[] = webhookSources,
): GatewaySettings {
  const variables = [defaultSecretVariable, ...sources.map(({ secretVariable }) => secretVariable)];
  const secretSchema = z.object(Object.fromEntries(variables.map((name) => [name, commaList.optional()])));
  const values = loadSettings(baseSchema, env);
  const secrets = sourceSecrets(sources, loadSettings(secretSchema, env));
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    kafka: kafkaConnection(values, 'gateway'),
    sources: sources.map((source) => readySource(source, secrets.get(source.name) ?? [])),
    limits: Object.freeze({
      acknowledgeMsMax: values.GATEWAY_ACKNOWLEDGE_MS_MAX,
      inFlightMax: values.GATEWAY_IN_FLIGHT_MAX,
      bodyBytesInFlightMax: values.GATEWAY_BODY_BYTES_IN_FLIGHT_MAX,
      connectionsMax: values.GATEWAY_CONNECTIONS_MAX,
      headersMsMax: values.GATEWAY_HEADERS_MS_MAX,
      requestMsMax: values.GATEWAY_REQUEST_MS_MAX,
      stopMsMax: 7_000,
    }),
  });
}
