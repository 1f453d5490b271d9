import { SignalboxError } from '@signalbox/errors';
import { loadGatewaySettings } from './settings.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const base = { KAFKA_BROKERS: '127.0.0.1:19092', WEBHOOK_SECRET: 'for-all' };

const refusal = (env: Record<string, string>): SignalboxError => {
  try {
    loadGatewaySettings(env);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
  }
  throw new Error('the settings were taken');
};

describe('loadGatewaySettings', () => {
  it('needs brokers and one secret, and has a default for the rest', () => {
    const settings = loadGatewaySettings(base);
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 3000, logLevel: 'info' });
    expect(settings.kafka).toEqual({ brokers: ['127.0.0.1:19092'], clientId: 'gateway' });
    expect(settings.limits.acknowledgeMsMax).toBe(5_000);
    expect(existsSync(join(settings.sources.sourcesDir, 'ops-alert.yaml'))).toBe(true);
  });

  it.each([
    ['KAFKA_BROKERS', 'nowhere'],
    ['PORT', '70000'],
    ['CONTROL_TOKEN', 'short'],
    ['GATEWAY_ACKNOWLEDGE_MS_MAX', '0'],
    ['GATEWAY_IN_FLIGHT_MAX', 'many'],
  ])('names a bad %s without its value', (name, value) => {
    const error = refusal({ ...base, [name]: value });
    expect(error.code).toBe('config_invalid');
    expect(error.pointers.map(({ pointer }) => pointer)).toContain(name);
    expect(error.message).not.toContain(value === '0' ? 'value 0' : value);
  });

  it('reads a variable that a record names, or the file it names', () => {
    const { variable } = loadGatewaySettings({
      ...base,
      GITHUB_SECRET: 'one',
      OTHER_FILE: '/dev/null',
    }).sources;
    expect(variable('GITHUB_SECRET')).toBe('one');
    expect(variable('OTHER')).toBeUndefined();
    expect(variable('NOTHING')).toBeUndefined();
  });

  it('takes a public address without its last slash', () => {
    const env = { ...base, GATEWAY_PUBLIC_URL: 'https://hooks.example.com/' };
    expect(loadGatewaySettings(env).publicUrl).toBe('https://hooks.example.com');
    expect(refusal({ ...base, GATEWAY_PUBLIC_URL: 'ftp://x' }).pointers[0]?.pointer).toBe(
      'GATEWAY_PUBLIC_URL',
    );
  });
});
