import { z } from 'zod';
import { catalogue } from './catalogue.js';
import {
  deadLetterTopic,
  defineContract,
  defineInternalContract,
  internalTopic,
  keyOf,
  retryDelaysMs,
  retryTopic,
} from './contract.js';
import { entityId } from './fields.js';
import { agentTopics, catalogueTopics, deadLetterBytesMax, eventBytesMax } from './topics.js';

const schema = z.looseObject({ parcel_id: entityId, weight_kg: z.number() });
const example = { parcel_id: 'p-1', weight_kg: 2 };
const definition = {
  type: 'parcel.sent',
  owner: 'post',
  summary: 'A parcel left.',
  schema,
  keyField: 'parcel_id',
  example,
} as const;

describe('defineContract', () => {
  it('fills in topic, version and kind', () => {
    expect(defineContract(definition)).toMatchObject({ topic: 'parcel.sent', version: 1, kind: 'fact' });
  });

  it('keeps what it is told', () => {
    const upcasters = { 1: (old: unknown) => old, 2: (old: unknown) => old };
    const told = defineContract({ ...definition, topic: 'parcels', version: 3, upcasters, kind: 'request' });
    expect(told).toMatchObject({ topic: 'parcels', version: 3, upcasters, kind: 'request', owner: 'post' });
  });

  it('refuses a version without the way to it', () => {
    const upcasters = { 1: (old: unknown) => old };
    expect(() => defineContract({ ...definition, version: 3, upcasters })).toThrow(
      "'parcel.sent' version 3 lacks the upcaster from version 2",
    );
  });

  it('has a flat form only where one was declared', () => {
    expect(Object.hasOwn(defineContract(definition), 'flat')).toBe(false);
    expect(defineContract({ ...definition, flat: schema }).flat).toBe(schema);
  });

  it('cannot be changed afterwards', () => {
    const contract = defineContract(definition) as { version: number };
    expect(() => {
      contract.version = 2;
    }).toThrow(TypeError);
  });
});

describe('defineInternalContract', () => {
  it('belongs to its agent alone', () => {
    const internal = defineInternalContract('logistics', definition);
    expect(internal).toMatchObject({ topic: 'logistics.internal', kind: 'platform', owner: 'logistics' });
    expect(catalogue.has(internal.type)).toBe(false);
  });
});

describe('keyOf', () => {
  it('is the entity the contract names', () => {
    expect(keyOf(defineContract(definition), example)).toBe('p-1');
  });

  it('is text for numbers too', () => {
    const contract = defineContract({ ...definition, keyField: 'weight_kg' });
    expect(keyOf(contract, example)).toBe('2');
  });
});

describe('topics of an agent', () => {
  it('are named after it', () => {
    expect(internalTopic('ops')).toBe('ops.internal');
    expect(deadLetterTopic('ops')).toBe('ops.dlq');
    expect(retryTopic('ops', '10m')).toBe('ops.retry.10m');
    expect(agentTopics('ops').map(({ topic }) => topic)).toEqual([
      'ops.internal',
      'ops.retry.5s',
      'ops.retry.1m',
      'ops.retry.10m',
      'ops.dlq',
    ]);
  });

  it('have delays that grow', () => {
    expect(Object.values(retryDelaysMs)).toEqual([5_000, 60_000, 600_000]);
  });

  it('take what they must take: a dead letter is its original and 64 KiB of headers', () => {
    const byTopic = new Map(agentTopics('ops').map((spec) => [spec.topic, spec.maxMessageBytes]));
    expect(byTopic.get('ops.internal')).toBe(eventBytesMax);
    expect(byTopic.get('ops.dlq')).toBe(deadLetterBytesMax);
    expect(byTopic.get('ops.retry.5s')).toBe(deadLetterBytesMax);
    expect(deadLetterBytesMax - eventBytesMax).toBe(65_536);
  });

  it('keep dead letters longer than events', () => {
    const byTopic = new Map(agentTopics('ops').map((spec) => [spec.topic, spec.retentionMs]));
    expect(byTopic.get('ops.dlq')).toBeGreaterThan(byTopic.get('ops.internal') ?? Infinity);
  });

  it('have names Kafka allows and do not clash with the catalogue', () => {
    const names = [...catalogueTopics(), ...agentTopics('trial-monitor')].map(({ topic }) => topic);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9._-]{1,249}$/);
  });
});
