import type { Metrics } from '@signalbox/observability';
import { Controller, Get, Header, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import type { Response } from 'express';
import { RuntimeHolder } from '../runtime/runtime-holder.js';
import { METRICS } from '../tokens.js';

/** Liveness touches nothing outside the process; readiness asks the database and whether the agent has its partitions. */
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
  async ready(): Promise<object> {
    const { runtime, store } = this.holder;
    const status = runtime?.status();
    const database = await (store?.ping() ?? Promise.reject(new Error('not started'))).then(
      () => 'ok',
      () => 'unavailable',
    );
    const isReady = database === 'ok' && status?.hasJoined === true && status.claiming === 0;
    const body = {
      status: isReady ? 'ok' : 'unavailable',
      database,
      joined: status?.hasJoined ?? false,
      partitions: status?.assigned.length ?? 0,
      claiming: status?.claiming ?? 0,
    };
    if (!isReady) throw new ServiceUnavailableException(body);
    return body;
  }

  @Get('metrics')
  @Header('cache-control', 'no-store')
  async text(@Res() response: Response): Promise<void> {
    response.type(this.metrics.contentType).send(await this.metrics.text());
  }
}
