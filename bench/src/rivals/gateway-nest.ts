import 'reflect-metadata';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Module,
  Post,
  Req,
  UnauthorizedException,
  type RawBodyRequest,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Kafka, logLevel } from 'kafkajs';
import { rivalSettings, webhookSecret, wireTopic } from '../harness/settings.js';

/** Rival (a) of the `gateway` bench: a Nest controller that awaits one `producer.send` for each request. */
const kafka = new Kafka({
  clientId: 'nest',
  brokers: [...rivalSettings.KAFKA_BROKERS],
  logLevel: logLevel.NOTHING,
});
const producer = kafka.producer();
const topic = wireTopic('service_down');

interface Alert {
  readonly alert_id: string;
  readonly service_name: string;
}

@Controller('agent')
class WebhookController {
  @Post('ops-alert-webhook')
  @HttpCode(202)
  async receive(
    @Req() request: RawBodyRequest<Request>,
    @Headers('x-webhook-signature') signature: string,
    @Body() alert: Alert,
  ): Promise<object> {
    const digest = createHmac('sha256', webhookSecret)
      .update(request.rawBody ?? '')
      .digest();
    const given = Buffer.from(signature.replace('sha256=', ''), 'hex');
    if (given.length !== digest.length || !timingSafeEqual(given, digest)) throw new UnauthorizedException();
    const value = JSON.stringify({ event_id: alert.alert_id, event_type: 'service_down', data: alert });
    await producer.send({ topic, acks: -1, messages: [{ key: alert.service_name, value }] });
    return { status: 'accepted', event_id: alert.alert_id };
  }
}

@Module({ controllers: [WebhookController] })
class WebhookModule {}

async function main(): Promise<void> {
  await producer.connect();
  const app = await NestFactory.create(WebhookModule, { rawBody: true, logger: ['error', 'fatal'] });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  process.send?.({ kind: 'ready', port });
  process.once('SIGTERM', () => process.exit(0));
}

void main();
