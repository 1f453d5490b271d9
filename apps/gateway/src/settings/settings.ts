import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import {
  commaList,
  flag,
  httpSettings,
  inheritedEnvironment,
  kafkaConnection,
  kafkaSettings,
  listenPort,
  loadSettings,
  logSettings,
  wholeNumber,
  type Environment,
} from '@signalbox/config';
import { z } from 'zod';
import { SignalboxError } from '@signalbox/errors';
import { isNetwork, type FolderPlaces } from '@signalbox/sources';
import { join } from 'node:path';

/** Everything that bounds what senders can make the gateway hold or wait for. */
export interface GatewayLimits {
  /** How long Kafka may take to acknowledge a webhook. */
  readonly acknowledgeMsMax: number;
  /** Webhooks between their last byte and Kafka's answer; the next is refused at once. */
  readonly inFlightMax: number;
  /** Bytes of all bodies in memory, those still arriving included. */
  readonly bodyBytesInFlightMax: number;
  readonly connectionsMax: number;
  /** Open connections of one address that is no listed proxy. */
  readonly addressConnectionsMax: number;
  /** Requests of one address that do not turn out good: a second, and at once. */
  readonly addressRefusals: { readonly perSecond: number; readonly burst: number };
  readonly headersMsMax: number;
  /** From the first to the last byte of a request. */
  readonly requestMsMax: number;
  /** How long a stop waits for requests in flight. */
  readonly stopMsMax: number;
}

/** How senders reach the gateway. */
export interface GatewayTransport {
  /** PEM files, read again when they change; undefined: the gateway itself speaks plain HTTP. */
  readonly tls?: { readonly certificatePath: string; readonly keyPath: string };
  /** Networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto count. */
  readonly trustedProxies: readonly string[];
  /** Networks from which requests are taken that did not come over TLS. */
  readonly plainHttpFrom: readonly string[];
}

export interface GatewaySettings {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly kafka: KafkaConnectionOptions;
  /** Where the records of the sources and their secrets are. */
  readonly sources: FolderPlaces;
  /** As senders know the gateway, without a trailing slash; undefined: as they call it. */
  readonly publicUrl?: string;
  /** Lets who sends it release webhooks; undefined: nobody may. */
  readonly controlToken?: string;
  readonly transport: GatewayTransport;
  /** Whether mail addresses are removed from the records of webhooks. */
  readonly redactMail: boolean;
  readonly limits: GatewayLimits;
}

/** Of this repository, wherever the process was started. */
const defaultSourcesDir = join(__dirname, '..', '..', '..', '..', 'infra', 'sources');

const networkList = commaList.refine((texts) => texts.every(isNetwork), {
  message: 'must be a comma list of addresses and networks such as 10.0.0.0/8',
});

/** Without a proxy the gateway may be called plainly on the machine itself, and from nowhere else. */
const loopback = ['127.0.0.0/8', '::1'];

const baseSchema = z.object({
  GATEWAY_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  CONTROL_TOKEN: z.string().min(16).optional(),
  SOURCES_DIR: z.string().min(1).default(defaultSourcesDir),
  SOURCE_SECRETS_DIR: z.string().min(1).default('/run/secrets'),
  ...httpSettings.shape,
  PORT: listenPort.default(3000),
  ...kafkaSettings.shape,
  ...logSettings.shape,
  GATEWAY_ACKNOWLEDGE_MS_MAX: wholeNumber(100, 30_000).default(5_000),
  GATEWAY_IN_FLIGHT_MAX: wholeNumber(1, 100_000).default(2_000),
  GATEWAY_BODY_BYTES_IN_FLIGHT_MAX: wholeNumber(65_536, 4_294_967_296).default(67_108_864),
  GATEWAY_CONNECTIONS_MAX: wholeNumber(1, 100_000).default(10_000),
  GATEWAY_ADDRESS_CONNECTIONS_MAX: wholeNumber(1, 100_000).default(1_000),
  GATEWAY_ADDRESS_REFUSALS_PER_SECOND: wholeNumber(1, 100_000).default(50),
  GATEWAY_ADDRESS_REFUSALS_BURST: wholeNumber(1, 1_000_000).default(2_000),
  GATEWAY_TLS_CERTIFICATE_PATH: z.string().min(1).optional(),
  GATEWAY_TLS_KEY_PATH: z.string().min(1).optional(),
  GATEWAY_TRUSTED_PROXIES: networkList.default([]),
  GATEWAY_PLAIN_HTTP_FROM: networkList.optional(),
  GATEWAY_REDACT_MAIL: flag.default(true),
  GATEWAY_HEADERS_MS_MAX: wholeNumber(100, 60_000).default(10_000),
  GATEWAY_REQUEST_MS_MAX: wholeNumber(100, 300_000).default(20_000),
});

/** Reads the environment once. Throws `config_invalid` that names every bad variable. */
export function loadGatewaySettings(env: Environment = inheritedEnvironment()): GatewaySettings {
  const values = loadSettings(baseSchema, env);
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    kafka: kafkaConnection(values, 'gateway'),
    sources: Object.freeze({
      sourcesDir: values.SOURCES_DIR,
      secretsDir: values.SOURCE_SECRETS_DIR,
      variable: (name: string) => variableOf(name, env),
    }),
    ...(values.GATEWAY_PUBLIC_URL === undefined ? {} : { publicUrl: values.GATEWAY_PUBLIC_URL }),
    ...(values.CONTROL_TOKEN === undefined ? {} : { controlToken: values.CONTROL_TOKEN }),
    transport: transportOf(values),
    redactMail: values.GATEWAY_REDACT_MAIL,
    limits: Object.freeze({
      acknowledgeMsMax: values.GATEWAY_ACKNOWLEDGE_MS_MAX,
      inFlightMax: values.GATEWAY_IN_FLIGHT_MAX,
      bodyBytesInFlightMax: values.GATEWAY_BODY_BYTES_IN_FLIGHT_MAX,
      connectionsMax: values.GATEWAY_CONNECTIONS_MAX,
      addressConnectionsMax: values.GATEWAY_ADDRESS_CONNECTIONS_MAX,
      addressRefusals: Object.freeze({
        perSecond: values.GATEWAY_ADDRESS_REFUSALS_PER_SECOND,
        burst: values.GATEWAY_ADDRESS_REFUSALS_BURST,
      }),
      headersMsMax: values.GATEWAY_HEADERS_MS_MAX,
      requestMsMax: values.GATEWAY_REQUEST_MS_MAX,
      stopMsMax: 7_000,
    }),
  });
}

function transportOf(values: z.infer<typeof baseSchema>): GatewayTransport {
  const { GATEWAY_TLS_CERTIFICATE_PATH: certificatePath, GATEWAY_TLS_KEY_PATH: keyPath } = values;
  if ((certificatePath === undefined) !== (keyPath === undefined)) {
    const pointer = certificatePath === undefined ? 'GATEWAY_TLS_CERTIFICATE_PATH' : 'GATEWAY_TLS_KEY_PATH';
    throw new SignalboxError(
      'config_invalid',
      `${pointer} is required: TLS needs a certificate and its key.`,
      {
        pointers: [{ pointer, message: 'is required' }],
      },
    );
  }
  const trustedProxies = values.GATEWAY_TRUSTED_PROXIES;
  return Object.freeze({
    ...(certificatePath !== undefined && keyPath !== undefined ? { tls: { certificatePath, keyPath } } : {}),
    trustedProxies,
    plainHttpFrom: values.GATEWAY_PLAIN_HTTP_FROM ?? (trustedProxies.length > 0 ? [] : loopback),
  });
}

/** A variable a record names, by the same rules as every setting: `<NAME>_FILE` names a file with the value. */
function variableOf(name: string, env: Environment): string | undefined {
  return loadSettings(z.object({ [name]: z.string().optional() }), env)[name];
}
