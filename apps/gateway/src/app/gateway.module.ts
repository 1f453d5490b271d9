import {
  Module,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { RecordProducer, TopicInspector } from '@signalbox/agent-kit';
import { createInspector, createProducer, type KafkaInspector } from '@signalbox/agent-kit-kafka';
import { webhookReceived } from '@signalbox/contracts';
import { createMetrics, type Logger, type Metrics } from '@signalbox/observability';
import { Callers } from '../door/callers.js';
import { Gate } from '../door/gate.js';
import { InFlight } from '../door/in-flight.js';
import { RateLimits } from '../door/rate-limits.js';
import { json } from 'express';
import { ReleaseController } from '../release/release.controller.js';
import { Releaser } from '../release/releaser.js';
import { Challenges } from '../door/challenges.js';
import { WebhookDoor } from '../door/webhook-door.js';
import { HealthController } from '../health/health.controller.js';
import { KafkaWatch } from '../health/kafka-watch.js';
import { MetricsController } from '../health/metrics.controller.js';
import { Publisher } from '../publish/publisher.js';
import { RawKeeper } from '../publish/raw-keeper.js';
import { ReferenceController } from '../reference/reference.controller.js';
import { RefusalRecorder } from '../record/refusal-recorder.js';
import type { GatewaySettings } from '../settings/settings.js';
import { SourceBook } from '../sources/source-book.js';
import { ProblemFilter } from './problem.filter.js';
import { INSPECTOR, LOGGER, METRICS, PRODUCER, SETTINGS } from './tokens.js';

const controlBodyBytesMax = 16_384;

const providers: Provider[] = [
  { provide: APP_FILTER, useClass: ProblemFilter },
  { provide: METRICS, useFactory: () => createMetrics('gateway') },
  {
    provide: PRODUCER,
    inject: [SETTINGS, LOGGER],
    useFactory: ({ kafka }: GatewaySettings, logger: Logger) => createProducer(kafka, { logger }),
  },
  {
    provide: INSPECTOR,
    inject: [SETTINGS, LOGGER],
    useFactory: ({ kafka }: GatewaySettings, logger: Logger) => createInspector(kafka, logger),
  },
  {
    provide: KafkaWatch,
    inject: [INSPECTOR, LOGGER],
    useFactory: (inspector: TopicInspector, logger: Logger) =>
      new KafkaWatch({
        probe: () => inspector.offsets(webhookReceived.topic),
        nowMs: () => performance.now(),
        onChange: (reachable) =>
          logger.info({ reachable }, reachable ? 'Kafka answers' : 'Kafka does not answer'),
      }),
  },
  {
    provide: Publisher,
    inject: [PRODUCER, SETTINGS],
    useFactory: (producer: RecordProducer, { limits }: GatewaySettings) =>
      new Publisher(producer, limits.acknowledgeMsMax),
  },
  {
    provide: InFlight,
    inject: [SETTINGS],
    useFactory: ({ limits }: GatewaySettings) =>
      new InFlight(limits.inFlightMax, limits.bodyBytesInFlightMax),
  },
  {
    provide: Callers,
    inject: [SETTINGS],
    useFactory: ({ transport }: GatewaySettings) =>
      new Callers({ proxies: transport.trustedProxies, plainFrom: transport.plainHttpFrom }),
  },
  {
    provide: Gate,
    inject: [Callers, SETTINGS],
    useFactory: (callers: Callers, { limits }: GatewaySettings) =>
      new Gate({ callers, rates: new RateLimits(limits.addressRefusals, () => performance.now()) }),
  },
  {
    provide: RefusalRecorder,
    inject: [Publisher, METRICS],
    useFactory: (publisher: Publisher, metrics: Metrics) =>
      new RefusalRecorder(
        publisher,
        (outcome) => metrics.count('gateway_refusal_records_total', { outcome }),
        () => performance.now(),
      ),
  },
  {
    provide: RawKeeper,
    inject: [Publisher, METRICS],
    useFactory: (publisher: Publisher, metrics: Metrics) =>
      new RawKeeper(
        publisher,
        (outcome) => metrics.count('gateway_raw_records_total', { outcome }),
        () => performance.now(),
      ),
  },
  {
    provide: Challenges,
    inject: [SETTINGS, LOGGER],
    useFactory: ({ publicUrl, sources }: GatewaySettings, logger: Logger) =>
      new Challenges({ publicUrl, secretsDir: sources.secretsDir, logger }),
  },
  {
    provide: SourceBook,
    inject: [SETTINGS, LOGGER],
    useFactory: ({ sources }: GatewaySettings, logger: Logger) => new SourceBook(sources, logger),
  },
  {
    provide: Releaser,
    inject: [SourceBook, Publisher, INSPECTOR],
    useFactory: (book: SourceBook, publisher: Publisher, inspector: KafkaInspector) =>
      new Releaser({ book, publisher, inspector }),
  },
  {
    provide: WebhookDoor,
    inject: [Publisher, RefusalRecorder, RawKeeper, Challenges, Gate, InFlight, SETTINGS, METRICS, LOGGER],
    useFactory: (
      publisher: Publisher,
      refusals: RefusalRecorder,
      raw: RawKeeper,
      challenges: Challenges,
      gate: Gate,
      inFlight: InFlight,
      { redactMail }: GatewaySettings,
      metrics: Metrics,
      logger: Logger,
    ) =>
      new WebhookDoor({
        ...{ publisher, refusals, raw, challenges, gate, inFlight, metrics, logger },
        keepMail: !redactMail,
      }),
  },
];

/** The gateway: everything behind the HTTP server, made from its settings. */
@Module({})
export class GatewayModule implements NestModule {
  /** Only requests of operators have a body that is parsed here. */
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(json({ limit: controlBodyBytesMax })).forRoutes(ReleaseController);
  }

  static forRoot(settings: GatewaySettings, logger: Logger): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [HealthController, MetricsController, ReferenceController, ReleaseController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        ...providers,
      ],
    };
  }
}
