import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@signalbox/config';
import { z } from 'zod';

/** The yardstick of the `footprint` bench: a Nest app with one controller and nothing else. */
@Controller('health')
class HealthController {
  @Get('ready')
  ready(): object {
    return { status: 'ok' };
  }
}

@Module({ controllers: [HealthController] })
class BareModule {}

async function main(): Promise<void> {
  const { PORT } = loadSettings(z.object({ PORT: z.string().transform(Number) }));
  const app = await NestFactory.create(BareModule, { logger: ['error', 'fatal'] });
  await app.listen(PORT, '127.0.0.1');
  process.once('SIGTERM', () => process.exit(0));
}

void main();
