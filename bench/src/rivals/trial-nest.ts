import 'reflect-metadata';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientKafka,
  ClientsModule,
  EventPattern,
  Payload,
  Transport,
  type KafkaOptions,
} from '@nestjs/microservices';
import { Pool } from 'pg';
import { lastValueFrom } from 'rxjs';
import { rivalSettings, wireTopic } from '../harness/settings.js';
import { startTrial, trialTables, type SignUpEvent } from './trial-work.js';

/**
 * Rival (a) of the `agent` bench: Nest's own Kafka transport as its documentation shows it. One message after the
 * other, each in a transaction: inbox, state, timers; the event that follows is sent before COMMIT.
 */
const pool = new Pool({ connectionString: rivalSettings.DATABASE_URL, max: 4 });
const kafka = (groupId: string): Required<Pick<KafkaOptions, 'options'>> => ({
  options: {
    client: { clientId: groupId, brokers: [...rivalSettings.KAFKA_BROKERS] },
    consumer: { groupId: wireTopic(groupId) },
    subscribe: { fromBeginning: true },
    producerOnlyMode: groupId === 'nest-client',
  },
});

@Controller()
class TrialController {
  constructor(@Inject('KAFKA') private readonly client: ClientKafka) {}

  @EventPattern(wireTopic('user.signed_up'))
  async signedUp(@Payload() event: SignUpEvent): Promise<void> {
    const trial = startTrial(event);
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const { rowCount } = await client.query('INSERT INTO inbox VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        trial.source,
        trial.eventId,
      ]);
      if (rowCount === 1) {
        await client.query('INSERT INTO trial VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          trial.userId,
          trial.state,
        ]);
        await client.query(
          `INSERT INTO timer VALUES ($1, 'nudge-3d', $3, $2), ($1, 'nudge-1d', $4, $2), ($1, 'trial-end', $5, $2)`,
          [trial.userId, trial.payload, trial.nudge3dAt, trial.nudge1dAt, trial.endsAt],
        );
        await lastValueFrom(
          this.client.emit(wireTopic('trial.started'), { key: trial.userId, value: trial.emitted }),
        );
      }
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}

@Module({
  imports: [ClientsModule.register([{ name: 'KAFKA', transport: Transport.KAFKA, ...kafka('nest-client') }])],
  controllers: [TrialController],
})
class TrialModule {}

async function main(): Promise<void> {
  await pool.query(trialTables);
  const app = await NestFactory.createMicroservice<KafkaOptions>(TrialModule, {
    transport: Transport.KAFKA,
    logger: ['error', 'fatal'],
    ...kafka('nest'),
  });
  await app.get<ClientKafka>('KAFKA').connect();
  await app.listen();
  process.send?.({ kind: 'ready' });
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
}

void main();
