import 'reflect-metadata';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/**
 * The yardstick of the `footprint` bench: a Nest app with one controller, which takes webhooks and does nothing with them.
 * It loads nothing but Nest; its only argument is its port, so that it needs no code for settings.
 */
@Controller()
class BareController {
  @Get('health/ready')
  ready(): object {
    return { status: 'ok' };
  }

  @Post('agent/ops-alert-webhook')
  @HttpCode(202)
  receive(): object {
    return { status: 'accepted' };
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(BareModule, { logger: ['error', 'fatal'] });
  await app.listen(Number(process.argv[2]), '127.0.0.1');
  process.once('SIGTERM', () => process.exit(0));
}

void main();
