import { run } from 'graphile-worker';
import { Kafka, logLevel } from 'kafkajs';
import { rivalSettings, wireTopic } from '../harness/settings.js';

/**
 * Rival of the `timers` bench: graphile-worker asked every 100 ms (its default is every 2 s) and with its local queue.
 * A job changes the state of its user and publishes one event, as the agent's timer does.
 */
const kafka = new Kafka({
  clientId: 'graphile',
  brokers: [...rivalSettings.KAFKA_BROKERS],
  logLevel: logLevel.NOTHING,
});
const producer = kafka.producer();

interface Job {
  readonly user: string;
  readonly due: string;
}

async function main(): Promise<void> {
  await producer.connect();
  const runner = await run({
    preset: {
      worker: {
        connectionString: rivalSettings.DATABASE_URL,
        concurrentJobs: 24,
        maxPoolSize: 26,
        pollInterval: 100,
        localQueue: { size: 100 },
      },
    },
    noHandleSignals: true,
    taskList: {
      expire: async (payload, { withPgClient }) => {
        const { user, due } = payload as Job;
        await withPgClient((client) =>
          client.query(
            `INSERT INTO trial VALUES ($1, 'expired') ON CONFLICT (user_id) DO UPDATE SET state = excluded.state`,
            [user],
          ),
        );
        const value = JSON.stringify({ data: { user_id: user, expired_at: due } });
        await producer.send({
          topic: wireTopic('trial.expired'),
          acks: -1,
          messages: [{ key: user, value }],
        });
      },
    },
  });
  process.send?.({ kind: 'ready' });
  process.once('SIGTERM', () => void runner.stop().then(() => process.exit(0)));
}

void main();
