import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Metrics } from '@signalbox/observability';
import type { Response } from 'express';
import { METRICS } from '../app/tokens.js';
import { InFlight } from '../door/in-flight.js';
import { SourceBook } from '../sources/source-book.js';
import { KafkaWatch } from './kafka-watch.js';

/** The text Prometheus reads. */
@Controller('metrics')
export class MetricsController {
  constructor(
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(InFlight) private readonly inFlight: InFlight,
    @Inject(KafkaWatch) private readonly kafka: KafkaWatch,
    @Inject(SourceBook) private readonly book: SourceBook,
  ) {}

  @Get()
  async text(@Res() response: Response): Promise<void> {
    this.metrics.gauge('gateway_webhooks_in_flight', this.inFlight.requests);
    this.metrics.gauge('gateway_body_bytes_in_flight', this.inFlight.bytes);
    this.metrics.gauge('gateway_kafka_reachable', this.kafka.reachable ? 1 : 0);
    this.metrics.gauge('gateway_sources', this.book.sources.length);
    this.metrics.gauge('gateway_source_records_bad', this.book.problems.length);
    response
      .status(200)
      .type(this.metrics.contentType)
      .send(await this.metrics.text());
  }
}
