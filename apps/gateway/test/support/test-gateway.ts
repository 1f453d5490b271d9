import { applyTopics, type KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import { catalogueTopics } from '@signalbox/contracts';
import { testStack } from '@signalbox/local-stack';
import { silentLogger } from '@signalbox/observability';
import { sourceTopics } from '@signalbox/sources';
import { sign } from '@signalbox/webhooks';
import { loadGatewaySettings, type GatewayLimits } from '../../src/settings/settings.js';
import { startGateway, type RunningGateway } from '../../src/start-gateway.js';
import { testSecret } from './sources.js';

/** A connection to the test broker with every topic of the catalogue made. */
export async function testKafka(): Promise<KafkaConnectionOptions> {
  const { kafkaBrokers } = await testStack();
  const connection = { brokers: kafkaBrokers, clientId: 'gateway-test' };
  await applyTopics(connection, [...catalogueTopics(), ...sourceTopics([])], {
    partitions: 3,
    replication: 1,
  });
  return connection;
}

/** Longer than a busy machine keeps Kafka from answering: where a webhook is good, 503 would tell of the machine. */
export const patient = { GATEWAY_ACKNOWLEDGE_MS_MAX: '30000' } as const;

export interface TestGatewayOptions {
  readonly limits?: Partial<GatewayLimits>;
  readonly route?: KafkaConnectionOptions['route'];
  readonly env?: Readonly<Record<string, string>>;
}

/** The real gateway on a free port of this process. */
export function startTestGateway(
  connection: KafkaConnectionOptions,
  { limits = {}, route, env = {} }: TestGatewayOptions = {},
): Promise<RunningGateway> {
  const settings = loadGatewaySettings({
    PORT: '0',
    KAFKA_BROKERS: connection.brokers.join(','),
    WEBHOOK_SECRET: testSecret,
    ...patient,
    ...env,
  });
  const kafka = { ...settings.kafka, ...(route ? { route } : {}) };
  return startGateway({ ...settings, kafka, limits: { ...settings.limits, ...limits } }, silentLogger);
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface PostOptions {
  readonly secret?: string;
  /** Wins over the signature and the content type; a value of undefined removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly method?: string;
}

/** Signs and posts a body as a sender would. */
export async function post(
  url: string,
  body: Uint8Array | string,
  options: PostOptions = {},
): Promise<Answer> {
  const { secret = testSecret, method = 'POST' } = options;
  const headers = Object.entries({
    'content-type': 'application/json',
    ...sign({ rawBody: body, secret }),
    ...options.headers,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const response = await fetch(url, {
    method,
    headers,
    ...(hasBody ? { body: Buffer.from(body as string) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
  };
}

/** Waits until `check` gives something; fails after `patienceMs`. */
export async function eventually<T>(
  check: () => Promise<T | undefined | false>,
  patienceMs = 60_000,
): Promise<T> {
  const untilMs = Date.now() + patienceMs;
  for (;;) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > untilMs) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
