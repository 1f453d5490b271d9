import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { KafkaWatch } from './kafka-watch.js';
import { WebhookDoor } from '../door/webhook-door.js';

/** `live`: the process answers. `ready`: it can take webhooks: Kafka has answered lately and no stop has begun. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(KafkaWatch) private readonly kafka: KafkaWatch,
    @Inject(WebhookDoor) private readonly door: WebhookDoor,
  ) {}

  @Get('live')
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('ready')
  ready(@Res() response: Response): void {
    const reasons = [
      ...(this.kafka.reachable ? [] : ['Kafka does not answer']),
      ...(this.door.closing ? ['the gateway stops'] : []),
    ];
    const ready = reasons.length === 0;
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not_ready', reasons });
  }
}
