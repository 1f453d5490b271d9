import { SignalboxError } from '@signalbox/errors';
import { providers } from '@signalbox/webhooks';
import { readyMappingFor } from '../ready/ready-mappings.js';
import { readSource } from './read-source.js';
import { unmappedTopic } from './source.js';

const read = (...lines: readonly string[]) => readSource(lines.join('\n'), 'infra/sources/shop.yaml');
const problem = (...lines: readonly string[]): SignalboxError => {
  try {
    read(...lines);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
    throw error;
  }
  throw new Error('the record was taken');
};

describe('a record', () => {
  it('has a default for all but its name', () => {
    const source = read('name: shop');
    expect(source).toMatchObject({
      path: '/webhooks/shop',
      scheme: 'house',
      form: 'provider',
      bodyBytesMax: 1_048_576,
      limits: { depthMax: 32 },
      quarantine: false,
    });
    expect(unmappedTopic(source)).toBe('webhook.shop');
  });

  it('says what it takes: the data of some event types, whole events, or a provider’s payloads', () => {
    const flat = read('name: shop', 'form: flat', 'eventTypes: [service_down]');
    expect([...flat.contracts.keys()]).toEqual(['service_down']);
    expect(unmappedTopic(flat)).toBeUndefined();
    const envelope = read('name: shop', 'form: envelope', 'eventTypes: public');
    expect(envelope.contracts.has('user.signed_up')).toBe(true);
    expect(envelope.contracts.has('webhook.received')).toBe(false);
    expect(read('name: shop', 'eventTypes: [service_down]').form).toBe('flat');
    expect(read('name: shop', 'mapping: alertmanager-alerts').rules).toHaveLength(2);
  });

  it.each([...providers.keys()])('can start from the provider %s', (provider) => {
    const mapping = readyMappingFor(provider);
    const source = read(
      'name: shop',
      `provider: ${provider}`,
      ...(mapping ? [`mapping: ${mapping.name}`] : []),
    );
    expect(source).toMatchObject({ form: 'provider', path: '/webhooks/shop', provider: { name: provider } });
    expect(source.samples.length).toBeGreaterThan(0);
    expect(source.scheme).not.toBe('house');
  });

  it('wins over its provider', () => {
    const source = read('name: shop', 'provider: github', 'deliveryId: { header: X-Id }', 'scheme: house');
    expect(source).toMatchObject({ deliveryId: { header: 'x-id' }, scheme: 'house' });
  });
});

describe('what is wrong with a record is told with file, line and field', () => {
  it.each([
    [
      'a name that is not the file’s',
      ['name: shops'],
      'infra/sources/shop.yaml:1: name must be the name of its file, shop.yaml',
    ],
    [
      'an unknown field',
      ['name: shop', '', 'paht: /x'],
      'infra/sources/shop.yaml:3: paht is not a field of a source',
    ],
    [
      'an unknown field within',
      ['name: shop', 'limits:', '  bodyBytes: 1'],
      ':3: limits.bodyBytes is not a field',
    ],
    ['a literal secret', ['name: shop', 'secrets:', '  - hunter2'], ':3: secrets.0 must not hold a secret'],
    [
      'a literal secret in a field',
      ['name: shop', 'secrets: [{ value: hunter2 }]'],
      ':2: secrets.0 must not hold a secret',
    ],
    [
      'a reference to nothing',
      ['name: shop', 'secrets: [{ keyId: a }]'],
      ':2: secrets.0 must be {env: <NAME>} or {file: <path>}',
    ],
    ['a time without offset', ['name: shop', 'secrets: [{ env: A, from: 2026-11-22 }]'], ':2: secrets.0'],
    ['a path with a slash at its end', ['name: shop', 'path: /x/'], ':2: path must begin with /'],
    [
      'a path of the gateway',
      ['name: shop', 'path: /health/ready'],
      ':2: path is an address of the gateway itself',
    ],
    [
      'a network that is none',
      ['name: shop', 'networks:', '  - 10.0.0.0/8', '  - 10.0.0.0/33'],
      ':4: networks.1 must be an address or a network',
    ],
    [
      'an unknown provider',
      ['name: shop', 'provider: gitbub'],
      ':2: provider is not a ready one; there are alertmanager',
    ],
    [
      'an unknown mapping',
      ['name: shop', 'mapping: nothing'],
      ':2: mapping is not a ready one; there are alertmanager-alerts',
    ],
    ['a scheme that is none', ['name: shop', 'scheme: { kind: rot13 }'], ':2: scheme'],
    [
      'an event type that is not there',
      ['name: shop', 'form: flat', 'eventTypes: [nonsense]'],
      ':3: eventTypes.0 nonsense is not in the catalogue',
    ],
    [
      'one without a flat form',
      ['name: shop', 'form: flat', 'eventTypes: [lead.qualified]'],
      ':3: eventTypes.0 lead.qualified has no flat form',
    ],
    [
      'one about Signalbox',
      ['name: shop', 'form: envelope', 'eventTypes: [webhook.received]'],
      'no source may send it',
    ],
    ['no event types', ['name: shop', 'form: flat'], 'eventTypes is required with form: flat'],
    [
      'event types beside a mapping',
      ['name: shop', 'form: provider', 'eventTypes: [service_down]'],
      ':3: eventTypes belongs to the forms flat and envelope',
    ],
    [
      'a mapping in another form',
      ['name: shop', 'form: flat', 'eventTypes: [service_down]', 'mapping: alertmanager-alerts'],
      ':4: mapping needs form: provider',
    ],
    [
      'a rule that is no JSONata',
      ['name: shop', 'mapping:', '  - event_type: service_down', '    data: "1 +"'],
      ':4: mapping.0.data is not JSONata',
    ],
    [
      'a rule for no event type',
      ['name: shop', 'mapping:', '  - event_type: nonsense', '    data: "1"'],
      ':3: mapping.0.event_type is not in the catalogue',
    ],
    ['a rule without data', ['name: shop', 'mapping:', '  - event_type: service_down'], ':3: mapping.0.data'],
    ['no YAML', ['name: shop', 'a: b: c'], 'infra/sources/shop.yaml:2: is not YAML'],
    ['a field twice', ['name: shop', 'name: shop'], ':2: is not YAML'],
    ['nothing', [''], 'infra/sources/shop.yaml:1:'],
    ['a list', ['- name: shop'], 'infra/sources/shop.yaml:1:'],
  ])('%s', (_, lines, expected) => {
    const error = problem(...lines);
    expect(error.code).toBe('config_invalid');
    expect(error.message).toContain(expected);
    expect(error.message).not.toContain('hunter2');
    expect(error.pointers[0]?.pointer).toMatch(/^infra\/sources\/shop\.yaml:\d+$/);
    expect(error.action).toContain('Correct the file');
  });

  it('all of it at once', () => {
    const error = problem('name: shop', 'path: x', 'quarantine: maybe', 'secrets: []');
    expect(error.message.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'infra/sources/shop.yaml:2:',
      'infra/sources/shop.yaml:4:',
      'infra/sources/shop.yaml:3:',
    ]);
  });

  it('and does not follow aliases without end', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(8).fill(`*${'abcdefg'[at]}`).join()}]`),
    ];
    expect(problem('name: shop', ...bomb).message).toContain('too many aliases');
  });
});
