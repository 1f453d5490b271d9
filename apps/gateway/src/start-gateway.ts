import 'reflect-metadata';
import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RecordProducer, TopicInspector } from '@signalbox/agent-kit';
import { createLogger, type Logger, type Metrics } from '@signalbox/observability';
import { GatewayModule } from './app/gateway.module.js';
import { INSPECTOR, METRICS, PRODUCER } from './app/tokens.js';
import { Callers } from './door/callers.js';
import { createFront } from './door/front.js';
import { Gate } from './door/gate.js';
import { HttpServer } from './door/http-server.js';
import { SourceBook } from './sources/source-book.js';
import { Challenges } from './door/challenges.js';
import { WebhookDoor } from './door/webhook-door.js';
import { KafkaWatch } from './health/kafka-watch.js';
import { RefusalRecorder } from './record/refusal-recorder.js';
import type { GatewaySettings } from './settings/settings.js';

/** A gateway that runs in this process. */
export interface RunningGateway {
  /** Without a trailing slash. */
  readonly url: string;
  /** Stops accepting, finishes what is in flight, drains the producer; at most 10 s. Safe to call twice. */
  stop(): Promise<void>;
}

const drainMsMax = 2_000;
/** How long a stop waits for the records of refused webhooks. */
const recordMsMax = 500;

/** Starts the gateway. Kafka may be away: webhooks get 503 and readiness is false until it is there. */
export async function startGateway(settings: GatewaySettings, givenLogger?: Logger): Promise<RunningGateway> {
  const logger = givenLogger ?? createLogger('gateway', settings.logLevel);
  const app = await NestFactory.create<NestExpressApplication>(GatewayModule.forRoot(settings, logger), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  await app.init();
  const book = app.get(SourceBook);
  book.open();
  const door = app.get(WebhookDoor);
  const metrics = app.get<Metrics>(METRICS);
  const callers = app.get(Callers);
  const challenges = app.get(Challenges);
  const server = new HttpServer({
    limits: settings.limits,
    ...(settings.transport.tls ? { tls: settings.transport.tls } : {}),
    isProxy: (socket) => callers.isProxy(socket),
    logger,
    listener: createFront({
      sources: book,
      gate: app.get(Gate),
      receive: (source, asked) => door.receive(source, asked),
      turnAway: (source, asked, refusal) => door.turnAway(source, asked, refusal),
      refusedAddress: (source, asked) => door.noteRefusedAddress(source, asked),
      challenge: (source, asked) => challenges.other(source, asked),
      elsewhere: app.getHttpAdapter().getInstance() as RequestListener,
    }),
    onClientError: (status) => metrics.count('gateway_requests_malformed_total', { status: String(status) }),
  });
  const port = await server.listen(settings.host, settings.port);
  app.get(KafkaWatch).start();
  book.watch();
  app.get(RefusalRecorder).start();
  const url = `${server.scheme}://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  logger.info({ url, sources: book.sources.map(({ name, path }) => `${name} ${path}`) }, 'gateway listens');
  let stopping: Promise<void> | undefined;
  return { url, stop: () => (stopping ??= stop(app, server, logger)) };
}

async function stop(app: NestExpressApplication, server: HttpServer, logger: Logger): Promise<void> {
  app.get(WebhookDoor).closing = true;
  app.get(SourceBook).stop();
  logger.info({}, 'gateway stops');
  await Promise.all([server.close(), app.get(KafkaWatch).stop()]);
  await Promise.race([app.get(RefusalRecorder).close(), delay(recordMsMax, undefined, { ref: false })]);
  await app.get<RecordProducer>(PRODUCER).close(drainMsMax);
  await app.get<TopicInspector>(INSPECTOR).close();
  await app.close();
  logger.info({}, 'gateway has stopped');
}
