import { databaseSettings, kafkaSettings, loadSettings } from '@signalbox/config';
import { z } from 'zod';

const schema = z.object({
  KAFKA_BROKERS: kafkaSettings.shape.KAFKA_BROKERS,
  KAFKA_NAMESPACE: z.string(),
  DATABASE_URL: databaseSettings.shape.DATABASE_URL,
  WEBHOOK_SECRET: z.string().default(''),
});

/** Where a rival finds Kafka and PostgreSQL; its topics carry the prefix, as ours do on the wire. */
export const rivalSettings = loadSettings(schema);
export const webhookSecret = rivalSettings.WEBHOOK_SECRET;
export const wireTopic = (topic: string): string => `${rivalSettings.KAFKA_NAMESPACE}.${topic}`;
