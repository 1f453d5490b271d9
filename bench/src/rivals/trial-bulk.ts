import { Kafka, logLevel, type EachBatchPayload } from 'kafkajs';
import { Pool } from 'pg';
import { rivalSettings, wireTopic } from '../harness/settings.js';
import { startTrial, trialTables, type SignUpEvent } from './trial-work.js';

/**
 * The ceiling of the `agent` bench: the fastest plain code we can write for the same work. kafkajs `eachBatch`, all
 * partitions at once, one statement for the whole batch, progress in the same transaction, the emitted events on their
 * way to Kafka while PostgreSQL works; COMMIT only when Kafka has them. No checks, no activity, no dead letters, no
 * fencing against a second owner.
 */
const partitions = 4;
const inTopic = wireTopic('user.signed_up');
const outTopic = wireTopic('trial.started');
const kafka = new Kafka({
  clientId: 'bulk',
  brokers: [...rivalSettings.KAFKA_BROKERS],
  logLevel: logLevel.NOTHING,
});
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: wireTopic('bulk') });
const pool = new Pool({ connectionString: rivalSettings.DATABASE_URL, max: partitions });

const handleBatch = `
WITH moved AS (
  INSERT INTO progress VALUES ($2, $3) ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset),
given AS (
  SELECT * FROM json_to_recordset($1::json) AS g("userId" text, source text, "eventId" text, state text, payload text,
    "nudge3dAt" timestamptz, "nudge1dAt" timestamptz, "endsAt" timestamptz)),
fresh AS (
  INSERT INTO inbox SELECT source, "eventId" FROM given ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING event_id),
added AS (
  INSERT INTO trial SELECT "userId", state FROM given JOIN fresh ON event_id = "eventId" ORDER BY 1
  ON CONFLICT DO NOTHING RETURNING user_id)
INSERT INTO timer
SELECT "userId", t.name, t.due_at, payload FROM given JOIN added ON user_id = "userId",
  LATERAL (VALUES ('nudge-3d', "nudge3dAt"), ('nudge-1d', "nudge1dAt"), ('trial-end', "endsAt")) AS t(name, due_at)
ORDER BY 1, 2 ON CONFLICT DO NOTHING`;

async function eachBatch({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> {
  const trials = batch.messages.map(({ value }) => startTrial(JSON.parse(String(value)) as SignUpEvent));
  const next = String(BigInt(batch.lastOffset()) + 1n);
  const client = await pool.connect();
  try {
    const sent = producer.send({
      topic: outTopic,
      acks: -1,
      messages: trials.map(({ userId, emitted }) => ({ key: userId, value: emitted })),
    });
    await client.query('BEGIN');
    const rows = JSON.stringify(trials, [
      'userId',
      'source',
      'eventId',
      'state',
      'payload',
      'nudge3dAt',
      'nudge1dAt',
      'endsAt',
    ]);
    await client.query({ name: 'batch', text: handleBatch, values: [rows, batch.partition, next] });
    await sent;
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  resolveOffset(batch.lastOffset());
  await heartbeat();
}

async function main(): Promise<void> {
  await pool.query(trialTables);
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topic: inTopic, fromBeginning: true });
  consumer.on('consumer.group_join', () => process.send?.({ kind: 'ready' }));
  await consumer.run({ eachBatch, autoCommit: false, partitionsConsumedConcurrently: partitions });
}

process.once('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)));
void main();
