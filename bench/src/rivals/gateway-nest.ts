import 'reflect-metadata';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server } from 'node:http';
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
import { eventText, recordText, type Alert } from './gateway-records.js';

/**
 * Rival (a) of the `gateway` bench: a Nest controller that awaits one send for each request. It writes the same two records as
 * ours and the ceiling, the event and what was received, with one call, which is the cheapest way to write both.
 */
const kafka = new Kafka({
  clientId: 'nest',
  brokers: [...rivalSettings.KAFKA_BROKERS],
  logLevel: logLevel.NOTHING,
});
const producer = kafka.producer();
const eventTopic = wireTopic('service_down');
const recordTopic = wireTopic('webhook.received');

@Controller('agent')
class WebhookController {
  @Post('ops-alert-webhook')
  @HttpCode(202)
  async receive(
    @Req() request: RawBodyRequest<IncomingMessage>,
    @Headers('x-webhook-signature') signature: string,
    @Body() alert: Alert,
  ): Promise<object> {
    const digest = createHmac('sha256', webhookSecret)
      .update(request.rawBody ?? '')
      .digest();
    const given = Buffer.from(signature.replace('sha256=', ''), 'hex');
    if (given.length !== digest.length || !timingSafeEqual(given, digest)) throw new UnauthorizedException();
    const bytes = request.rawBody?.length ?? 0;
    const event = { key: alert.service_name, value: eventText(alert) };
    const record = { key: 'ops-alert', value: recordText(alert, request, bytes) };
    await producer.sendBatch({
      acks: -1,
      topicMessages: [
        { topic: eventTopic, messages: [event] },
        { topic: recordTopic, messages: [record] },
      ],
    });
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
