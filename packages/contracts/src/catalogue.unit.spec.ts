import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkData, checkEvent, checkFlat } from './codec/check-event.js';
import { decodeEvent } from './codec/decode-event.js';
import { catalogue } from './catalogue.js';
import { keyOf, type AnyContract } from './contract.js';
import { catalogueTopics, eventBytesMax } from './topics.js';
import * as events from './events/index.js';

type Data = Record<string, unknown>;

const contract = (type: string): AnyContract => {
  const found = catalogue.get(type);
  if (!found) throw new Error(`${type} is not in the catalogue`);
  return found;
};
const seed = (type: string): Data =>
  JSON.parse(readFileSync(join(__dirname, `../fixtures/${type}.json`), 'utf8')) as Data;
const isFine = (check: () => void): boolean => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

describe('the catalogue', () => {
  it('holds every contract the package exports', () => {
    const exported = Object.values(events).map((each) => (each as AnyContract).type);
    expect([...catalogue.keys()].sort()).toEqual(exported.sort());
  });

  it.each([...catalogue.values()].map((each) => [each.type, each] as const))(
    '%s is well declared',
    (type, each) => {
      expect(type).toMatch(/^[a-z_]+(\.[a-z_]+)?$/);
      expect(each.topic).toBe(type);
      expect(each.summary).toMatch(/^[A-Z].*\.$/);
      expect(Object.isFrozen(each)).toBe(true);
      expect(keyOf(each, each.example)).not.toBe('');
      expect(isFine(() => checkData(each, each.example))).toBe(true);
      expect(isFine(() => checkFlat(each, each.example))).toBe(true);
      // The key must be there for every event, not only for the example.
      expect(isFine(() => checkData(each, { ...each.example, [each.keyField]: undefined }))).toBe(false);
    },
  );

  it('has one topic for each event type', () => {
    expect(catalogueTopics().map(({ topic }) => topic)).toEqual([...catalogue.keys()]);
    expect(catalogueTopics().every(({ maxMessageBytes }) => maxMessageBytes === eventBytesMax)).toBe(true);
  });

  it('says requested for a request, and only there', () => {
    for (const { type, kind } of catalogue.values())
      expect(type.endsWith('.requested')).toBe(kind === 'request');
  });
});

describe('the payloads senders really send', () => {
  const flat = ['service_down', 'shipping_delay', 'negative_sentiment_detected'];
  const enveloped = ['user.signed_up', 'lead.qualified'];

  it.each(flat)('%s is taken flat, and as data', (type) => {
    expect(() => checkFlat(contract(type), seed(type))).not.toThrow();
    expect(() => checkData(contract(type), seed(type))).not.toThrow();
    expect(contract(type).example).toEqual(seed(type));
  });

  it.each(enveloped)('%s is taken as an envelope, byte for byte', (type) => {
    const value = readFileSync(join(__dirname, `../fixtures/${type}.json`));
    const envelope = decodeEvent({ value, headers: {}, timestampMs: 0 });
    expect(envelope).toEqual(seed(type));
    expect(() => checkEvent(contract(type), envelope)).not.toThrow();
    expect(contract(type).example).toEqual(envelope.data);
  });

  const fields = [
    ...flat.flatMap((type) => Object.keys(seed(type)).map((field) => [type, field, seed(type)] as const)),
    ...enveloped.flatMap((type) => {
      const data = seed(type)['data'] as Data;
      return Object.keys(data).map((field) => [type, field, data] as const);
    }),
  ];

  it.each(fields)('%s needs %s, unless it is the location', (type, field, payload) => {
    const { [field]: _left, ...rest } = payload;
    expect(isFine(() => checkFlat(contract(type), rest))).toBe(field === 'location');
    expect(isFine(() => checkFlat(contract(type), { ...payload, [field]: null }))).toBe(false);
  });

  it.each(fields)('%s does not turn another type into %s', (type, field, payload) => {
    const value = payload[field];
    const others: unknown[] = [
      {},
      typeof value === 'string' ? 7 : String(value),
      Array.isArray(value) ? 'a' : [value],
    ];
    for (const other of others)
      expect(isFine(() => checkFlat(contract(type), { ...payload, [field]: other }))).toBe(false);
  });
});

describe('strictness', () => {
  const cases: [string, string, unknown, boolean][] = [
    ...[-1, -0.85, 0, 1].map((n): [string, string, unknown, boolean] => [
      'negative_sentiment_detected',
      'sentiment_score',
      n,
      true,
    ]),
    ...[-1.01, 1.01, '0', '-0.85', true].map((n): [string, string, unknown, boolean] => [
      'negative_sentiment_detected',
      'sentiment_score',
      n,
      false,
    ]),
    ['negative_sentiment_detected', 'action_required', 'true', false],
    ['negative_sentiment_detected', 'action_required', 1, false],
    ['negative_sentiment_detected', 'original_post_url', 'twitter.com/x', false],
    ['negative_sentiment_detected', 'event_type', 'shipping_delay', false],
    ['negative_sentiment_detected', 'customer_id', '', false],
    ...['critical', 'high', 'medium', 'low', 'info'].map((s): [string, string, unknown, boolean] => [
      'service_down',
      'severity',
      s,
      true,
    ]),
    ...['CRITICAL', 'sev1', '', 1].map((s): [string, string, unknown, boolean] => [
      'service_down',
      'severity',
      s,
      false,
    ]),
    ['service_down', 'timestamp', '2026-04-05 12:01:00Z', false],
    ['service_down', 'timestamp', '2026-02-30T12:01:00Z', false],
    ['service_down', 'timestamp', 1_775_390_460, false],
    ['service_down', 'timestamp', '2026-04-05T14:01:00+02:00', true],
    ['service_down', 'incident_link', 'javascript:alert(1)', false],
    ['service_down', 'service_name', 'a\nb', false],
    ['shipping_delay', 'new_eta', '2026-04-10', false],
    ['shipping_delay', 'affected_products', [], true],
    ['shipping_delay', 'affected_products', 'PROD-A', false],
    ['shipping_delay', 'affected_products', ['PROD-A', 7], false],
    ['shipping_delay', 'proactive_action_needed', 'yes', false],
    ['user.signed_up', 'email', 'jane.doe', false],
    ['user.signed_up', 'user_id', 5_678, false],
    ['user.signed_up', 'location', undefined, true],
    ['user.signed_up', 'location', '', false],
    ['lead.qualified', 'score', '87', false],
    ['lead.qualified', 'score', 101, false],
    ['lead.qualified', 'score', 87.5, true],
    ['usage.recorded', 'quantity', -1, false],
    ['usage.recorded', 'quantity', Number.POSITIVE_INFINITY, false],
    ['notification.requested', 'channel', 'sms', false],
    ['remediation.requested', 'action', 'rm -rf', false],
    ['shipment.registered', 'origin', 'Rotterdam', false],
    ['ticket.requested', 'priority', 'critical', false],
    ['ticket_comment.requested', 'priority', undefined, true],
    ['ticket_resolution.requested', 'ticket_number', '17', false],
    ['ticket_resolution.requested', 'ticket_number', 0, false],
    ['ticket.commented', 'ticket_number', undefined, true],
    ['draft.created', 'to', undefined, true],
    ['draft.created', 'to', '', false],
    ['draft.completed', 'to', undefined, false],
    ['draft.approved', 'by', '', false],
    ['customer.updated', 'email', 'jane', false],
    ['customer.updated', 'language', undefined, true],
  ];

  it.each(cases)('%s: %s %j → %s', (type, field, value, taken) => {
    const data = { ...(contract(type).example as Data), [field]: value };
    expect(isFine(() => checkData(contract(type), data))).toBe(taken);
  });

  it('keeps unknown fields, nested ones too', () => {
    const { schema, example } = contract('shipment.registered') as {
      schema: AnyContract['schema'];
      example: Data;
    };
    const data = { ...example, note: 'x', items: [{ product_id: 'P', quantity: 1, colour: 'red' }] };
    expect(schema.parse(data)).toEqual(data);
  });
});
