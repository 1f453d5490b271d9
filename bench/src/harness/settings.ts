import { databaseSettings, kafkaSettings, loadSettings } from '@signalbox/config';
import { z } from 'zod';

const schema = z.object({
  KAFKA_BROKERS: kafkaSettings.shape.KAFKA_BROKERS,
  KAFKA_NAMESPACE: z.string(),
  DATABASE_URL: databaseSettings.shape.DATABASE_URL,
  WEBHOOK_SECRET: z.string().default(''),
  RECEIVER_URL: z.string().default(''),
  FAIL_EVERY: z.coerce.number().int().min(0).default(0),
});

/** Where a rival finds Kafka and PostgreSQL; its topics carry the prefix, as ours do on the wire. */
export const rivalSettings = loadSettings(schema);
export const webhookSecret = rivalSettings.WEBHOOK_SECRET;
export const wireTopic = (topic: string): string => `${rivalSettings.KAFKA_NAMESPACE}.${topic}`;
/** Where the receivers of outside calls are. */
export const receiverUrl = rivalSettings.RECEIVER_URL;
/** One in so many events fails once; 0: none does. */
export const failEvery = rivalSettings.FAIL_EVERY;
