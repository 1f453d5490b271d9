import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SourceBook } from '../sources/source-book.js';
import { KafkaWatch } from './kafka-watch.js';
import { WebhookDoor } from '../door/webhook-door.js';

/** `live`: the process answers. `ready`: it can take webhooks: Kafka has answered lately and no stop has begun. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(KafkaWatch) private readonly kafka: KafkaWatch,
    @Inject(WebhookDoor) private readonly door: WebhookDoor,
    @Inject(SourceBook) private readonly book: SourceBook,
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
    // One bad record takes no other source away, so it is shown and changes nothing.
    const sources = this.book.problems.map(({ file, kept, error }) => ({
      file,
      kept,
      problem: error.message,
    }));
    response.status(ready ? 200 : 503).json({
      status: ready ? 'ready' : 'not_ready',
      reasons,
      ...(sources.length === 0 ? {} : { sources }),
    });
  }
}
