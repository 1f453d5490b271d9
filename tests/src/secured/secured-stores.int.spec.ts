import { emit, type DecideInput, type Output } from '@signalbox/agent-kit';
import { applyTopics, createInspector, createProducer } from '@signalbox/agent-kit-kafka';
import { AgentHandlers, AgentModule, On, launchAgent } from '@signalbox/agent-kit-nest';
import { migrate } from '@signalbox/agent-kit-postgres';
import { kafkaConnection, kafkaSettings, loadSettings } from '@signalbox/config';
import {
  agentTopics,
  catalogueTopics,
  decodeEvent,
  encodeEvent,
  subscriptionStarted,
  trialConverted,
  type DataOf,
} from '@signalbox/contracts';
import { eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { startSecuredStores, user, type SecuredStores } from './secured-stores.js';

@AgentHandlers()
class SecuredHandlers {
  @On(subscriptionStarted)
  started({ event }: DecideInput<undefined, DataOf<typeof subscriptionStarted>>): readonly Output[] {
    const { user_id, plan, started_at } = event.data;
    return [
      emit(trialConverted, {
        user_id,
        plan,
        paid_plan: plan,
        started_at,
        converted_at: started_at,
        usage: {},
      }),
    ];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'secured', startFrom: 'earliest' })],
  controllers: [SecuredHandlers],
})
class SecuredModule {}

describe('with Kafka over SASL and TLS and PostgreSQL over TLS', () => {
  let stores: SecuredStores;

  beforeAll(async () => {
    stores = await startSecuredStores();
    await applyTopics(connectionOf('plain'), [...catalogueTopics(), ...agentTopics('secured')], {
      partitions: 1,
      replication: 1,
    });
  }, 300_000);
  afterAll(() => stores.stop());

  const environment = (mechanism: string, more: Record<string, string> = {}) => ({
    KAFKA_BROKERS: stores.broker,
    KAFKA_SSL: 'true',
    KAFKA_SSL_CA_FILE_PATH: stores.authorityPath,
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: user.username,
    KAFKA_SASL_PASSWORD: user.password,
    DATABASE_URL: stores.databaseUrl,
    PORT: '0',
    LOG_LEVEL: 'error',
    ...more,
  });
  const connectionOf = (mechanism: string, more: Record<string, string> = {}) =>
    kafkaConnection(loadSettings(kafkaSettings, environment(mechanism, more)), 'secured-test');

  it('an agent does its work', async () => {
    const producer = createProducer(connectionOf('plain'));
    await producer.connect();
    const { value, headers } = encodeEvent(
      {
        event_id: 'over-tls',
        event_type: subscriptionStarted.type,
        timestamp: '2026-04-10T09:00:00Z',
        data: subscriptionStarted.example,
        metadata: { source_service: 'billing', correlation_id: 'over-tls' },
      },
      { key: 'usr-5678' },
    );
    await producer.send({ topic: 'subscription.started', partition: 0 }, [
      { key: Buffer.from('usr-5678'), value, headers },
    ]);
    const agent = await launchAgent(SecuredModule, environment('scram-sha-512'));
    const inspector = createInspector(connectionOf('plain'));
    const emitted = await eventually(
      async () => {
        const record = await inspector.recordAt({ topic: 'trial.converted', partition: 0 }, 0n);
        return record && decodeEvent(record);
      },
      (event) => event !== undefined,
      'the emitted event',
    );
    expect(emitted?.metadata.causation_id).toBe('over-tls');
    await Promise.all([agent.stop(), producer.close(), inspector.close()]);
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('%s opens the door to Kafka', async (mechanism) => {
    const producer = createProducer(connectionOf(mechanism));
    await producer.connect();
    expect(await producer.partitionCount('subscription.started')).toBe(1);
    await producer.close();
  });

  it('a wrong password does not', async () => {
    const inspector = createInspector(connectionOf('plain', { KAFKA_SASL_PASSWORD: 'wrong' }));
    await expect(inspector.offsets('subscription.started')).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
    await inspector.close();
  });

  it('an authority that is not named is not trusted', async () => {
    const inspector = createInspector(connectionOf('plain', { KAFKA_SSL_CA_FILE_PATH: '' }));
    await expect(inspector.offsets('subscription.started')).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
    await inspector.close();
    await expect(migrate(stores.databaseUrlWithoutAuthority, 'untrusted')).rejects.toMatchObject({
      code: 'database_unavailable',
    });
  });
});
