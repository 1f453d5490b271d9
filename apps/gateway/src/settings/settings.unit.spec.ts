import { SignalboxError } from '@signalbox/errors';
import { webhookSources } from '../sources/sources.js';
import { loadGatewaySettings } from './settings.js';
import { sourceSecrets } from './source-secrets.js';

const base = { KAFKA_BROKERS: '127.0.0.1:19092', WEBHOOK_SECRET: 'for-all' };

const refusal = (env: Record<string, string>): SignalboxError => {
  try {
    loadGatewaySettings(env);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
  }
  throw new Error('the settings were taken');
};

const secretsOf = (env: Record<string, string>, name: string) =>
  loadGatewaySettings({ ...base, ...env }).sources.find((source) => source.name === name)?.secrets;

describe('loadGatewaySettings', () => {
  it('needs brokers and one secret, and has a default for the rest', () => {
    const settings = loadGatewaySettings(base);
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 3000, logLevel: 'info' });
    expect(settings.kafka).toEqual({ brokers: ['127.0.0.1:19092'], clientId: 'gateway' });
    expect(settings.limits.acknowledgeMsMax).toBe(5_000);
    expect(settings.sources.map(({ path }) => path)).toEqual([
      '/agent/social-sentiment-webhook',
      '/agent/logistics-anomaly-webhook',
      '/agent/ops-alert-webhook',
      '/events',
    ]);
  });

  it('refuses to start without a secret and names what is missing', () => {
    const error = refusal({ KAFKA_BROKERS: base.KAFKA_BROKERS });
    expect(error.code).toBe('config_invalid');
    expect(error.pointers.map(({ pointer }) => pointer)).toEqual(
      webhookSources.map(({ secretVariable }) => secretVariable),
    );
    expect(error.message).toContain(
      'WEBHOOK_SECRET_OPS_ALERT: is required, or WEBHOOK_SECRET for all sources',
    );
  });

  it('refuses to start when one source has no secret', () => {
    const own = Object.fromEntries(webhookSources.map(({ secretVariable }) => [secretVariable, 'own']));
    const { WEBHOOK_SECRET_EVENTS: _, ...withoutEvents } = own;
    const error = refusal({ KAFKA_BROKERS: base.KAFKA_BROKERS, ...withoutEvents });
    expect(error.pointers.map(({ pointer }) => pointer)).toEqual(['WEBHOOK_SECRET_EVENTS']);
    expect(loadGatewaySettings({ KAFKA_BROKERS: base.KAFKA_BROKERS, ...own }).sources).toHaveLength(4);
  });

  it('prefers a source’s own secrets to the default ones', () => {
    const env = { WEBHOOK_SECRET_OPS_ALERT: 'new-one, old-one' };
    expect(secretsOf(env, 'ops-alert')).toEqual([
      { keyId: 'ops-alert', value: 'new-one' },
      { keyId: 'ops-alert-2', value: 'old-one' },
    ]);
    expect(secretsOf(env, 'events')).toEqual([{ keyId: 'default', value: 'for-all' }]);
  });

  it('takes several default secrets during a rotation', () => {
    expect(secretsOf({ WEBHOOK_SECRET: 'b,a' }, 'events')).toEqual([
      { keyId: 'default', value: 'b' },
      { keyId: 'default-2', value: 'a' },
    ]);
  });

  it.each([
    ['KAFKA_BROKERS', 'nowhere'],
    ['PORT', '70000'],
    ['WEBHOOK_SECRET', 'a,,b'],
    ['GATEWAY_ACKNOWLEDGE_MS_MAX', '0'],
    ['GATEWAY_IN_FLIGHT_MAX', 'many'],
  ])('names a bad %s without its value', (name, value) => {
    const error = refusal({ ...base, [name]: value });
    expect(error.code).toBe('config_invalid');
    expect(error.pointers.map(({ pointer }) => pointer)).toContain(name);
    expect(error.message).not.toContain(value === '0' ? 'value 0' : value);
  });

  it('refuses a source record that names what does not exist', () => {
    const [first] = webhookSources as [(typeof webhookSources)[0]];
    const load = (changes: object) => () => loadGatewaySettings(base, [{ ...first, ...changes }]);
    expect(load({ eventTypes: ['nonsense'] })).toThrow('nonsense is not in the catalogue');
    expect(load({ eventTypes: ['user.signed_up'] })).toThrow('user.signed_up has no flat form');
    expect(load({ scheme: 'rot13' })).toThrow('no signature scheme "rot13"');
  });
});

describe('the list of sources', () => {
  it('has names, addresses and variables that occur once', () => {
    for (const field of ['name', 'path', 'secretVariable'] as const) {
      const values = webhookSources.map((source) => source[field]);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('derives each variable from the name', () => {
    for (const { name, secretVariable } of webhookSources) {
      expect(secretVariable).toBe(`WEBHOOK_SECRET_${name.toUpperCase().replaceAll('-', '_')}`);
    }
  });
});

describe('sourceSecrets', () => {
  it('never makes a key id of a secret', () => {
    const secrets = sourceSecrets(webhookSources, { WEBHOOK_SECRET: ['hunter2'] });
    for (const [{ keyId }] of secrets.values() as Iterable<[{ keyId: string }]>)
      expect(keyId).toBe('default');
  });
});
