import { stackSettings } from './stack-settings.js';

describe('the settings of the stack', () => {
  it('have documented defaults', () => {
    expect(stackSettings({})).toMatchObject({
      kafkaPort: 19_092,
      kafkaControllerPort: 19_093,
      kafkaHeapMb: 384,
      postgresPort: 15_432,
      topics: { partitions: 3, replication: 1 },
    });
    expect(stackSettings({})).not.toHaveProperty('externalKafka');
    expect(stackSettings({})).not.toHaveProperty('externalDatabaseUrl');
  });

  it('take a Kafka with TLS and SASL and a PostgreSQL from elsewhere', () => {
    const settings = stackSettings({
      KAFKA_BROKERS: 'k1.example:9093,k2.example:9093',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
      DATABASE_URL: 'postgres://u:p@db.example/x?sslmode=verify-full',
    });
    expect(settings.externalKafka).toEqual({
      brokers: ['k1.example:9093', 'k2.example:9093'],
      clientId: 'signalbox',
      ssl: {},
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
    expect(settings.externalDatabaseUrl).toBe('postgres://u:p@db.example/x?sslmode=verify-full');
  });

  it('move all ports of apps together and run only the apps that are named', () => {
    const { apps } = stackSettings({ SIGNALBOX_APPS: 'gateway,agent-ops', SIGNALBOX_PORT_OFFSET: '1000' });
    expect(apps.map(({ name, port }) => [name, port])).toEqual([
      ['gateway', 4000],
      ['agent-ops', 4103],
    ]);
  });

  it.each([
    [{ SIGNALBOX_KAFKA_PORT: '0' }, /SIGNALBOX_KAFKA_PORT/],
    [{ SIGNALBOX_APPS: 'gateway,nothing' }, /unknown apps: nothing/],
    [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL/],
    [{ KAFKA_BROKERS: 'k:1', KAFKA_SASL_MECHANISM: 'plain' }, /KAFKA_SASL_USERNAME/],
  ])('refuse %j', (env, message) => {
    expect(() => stackSettings(env as Record<string, string>)).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringMatching(message) }),
    );
  });
});
