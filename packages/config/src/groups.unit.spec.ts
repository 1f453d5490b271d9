import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { databaseSettings, httpSettings, kafkaConnection, kafkaSettings, logSettings } from './groups.js';
import { loadSettings, type Environment } from './load-settings.js';

const connection = (env: Environment) =>
  kafkaConnection(loadSettings(kafkaSettings, { KAFKA_BROKERS: '127.0.0.1:19092', ...env }), 'my-app');

describe('kafkaConnection', () => {
  it('is plain unless told otherwise, named after the app', () => {
    expect(connection({})).toEqual({ brokers: ['127.0.0.1:19092'], clientId: 'my-app' });
    expect(connection({ KAFKA_CLIENT_ID: 'other' }).clientId).toBe('other');
  });

  it('uses TLS with public authorities', () => {
    expect(connection({ KAFKA_SSL: 'true' }).ssl).toEqual({});
  });

  it('reads the authority of its own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ca-'));
    const path = join(folder, 'ca.pem');
    writeFileSync(path, 'PEM');
    expect(connection({ KAFKA_SSL: 'on', KAFKA_SSL_CA_FILE_PATH: path }).ssl).toEqual({ ca: 'PEM' });
    expect(connection({ KAFKA_SSL_CA_FILE_PATH: path })).not.toHaveProperty('ssl');
    rmSync(folder, { recursive: true });
  });

  it('says which authority cannot be read', () => {
    const act = () => connection({ KAFKA_SSL: 'on', KAFKA_SSL_CA_FILE_PATH: '/nowhere/ca.pem' });
    expect(act).toThrow(SignalboxError);
    expect(act).toThrow('KAFKA_SSL_CA_FILE_PATH');
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('signs in with %s', (mechanism) => {
    const env = { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(connection(env).sasl).toEqual({ mechanism, username: 'u', password: 'p' });
  });

  it('refuses a mechanism without user or password, and an unknown one', () => {
    expect(() => connection({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' })).toThrow(
      'KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.',
    );
    expect(() => connection({ KAFKA_SASL_MECHANISM: 'gssapi' })).toThrow('KAFKA_SASL_MECHANISM');
  });
});

describe('the other groups', () => {
  it('of the database', () => {
    const url = 'postgres://signalbox@127.0.0.1:15432/signalbox';
    expect(loadSettings(databaseSettings, { DATABASE_URL: url })).toEqual({
      DATABASE_URL: url,
      DATABASE_POOL_MAX: 6,
    });
    for (const bad of ['Upper', '1a', 'a-b', 'a'.repeat(64), 'a;drop']) {
      expect(() => loadSettings(databaseSettings, { DATABASE_URL: url, DATABASE_SCHEMA: bad })).toThrow(
        'DATABASE_SCHEMA: must match',
      );
    }
  });

  it('of HTTP: listens on the loopback address unless told otherwise', () => {
    expect(loadSettings(httpSettings, { PORT: '3000' })).toEqual({ PORT: 3000, HOST: '127.0.0.1' });
    expect(() => loadSettings(httpSettings, {})).toThrow('PORT: is required');
  });

  it('of logs', () => {
    expect(loadSettings(logSettings, {})).toEqual({ LOG_LEVEL: 'info' });
    expect(() => loadSettings(logSettings, { LOG_LEVEL: 'loud' })).toThrow('LOG_LEVEL');
  });
});
