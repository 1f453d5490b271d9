import type { Metrics } from '@signalbox/observability';
import { Controller, Get, Header, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import type { Response } from 'express';
import { RuntimeHolder } from '../runtime/runtime-holder.js';
import { METRICS } from '../tokens.js';
import { readiness, type Readiness } from './readiness.js';

/**
 * Liveness touches nothing outside the process: a process that is stuck ends itself, see the runtime's watchdog.
 * Readiness asks the database and what the agent itself has seen of its work.
 */
@Controller()
export class HealthController {
  constructor(
    private readonly holder: RuntimeHolder,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  async ready(): Promise<Readiness> {
    const { runtime, store } = this.holder;
    const isDatabaseWell = await (store?.ping() ?? Promise.reject(new Error('not started'))).then(
      () => true,
      () => false,
    );
    const body = readiness(runtime?.status(), isDatabaseWell);
    if (body.status !== 'ok') throw new ServiceUnavailableException(body);
    return body;
  }

  @Get('metrics')
  @Header('cache-control', 'no-store')
  async text(@Res() response: Response): Promise<void> {
    const status = this.holder.runtime?.status();
    this.metrics.gauge('jobs_at_work', status?.jobsAtWork ?? 0);
    this.metrics.gauge('oldest_unhandled_seconds', (status?.oldestUnhandledMs ?? 0) / 1_000);
    this.metrics.gauge('broker_silent_seconds', (status?.brokerSilentMs ?? 0) / 1_000);
    response.type(this.metrics.contentType).send(await this.metrics.text());
  }
}
