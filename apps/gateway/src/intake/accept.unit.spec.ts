import { createHash } from 'node:crypto';
import { catalogue } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { fixture, sample, sourceNamed } from '../../test/support/sources.js';
import { acceptBody } from './accept.js';
import type { Mapped, Reading } from './mapped.js';

const ops = sourceNamed('ops-alert');
const events = sourceNamed('events');
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

const accept = (
  source: typeof ops,
  rawBody: Buffer,
  correlationId?: string,
  reading: Reading = {},
): Mapped => {
  const intake = acceptBody(source, { rawBody, correlationId, headers: {}, receivedAtMs: 0 }, reading);
  if (intake instanceof Promise || intake.kind !== 'events') throw new Error('no event was made');
  return intake.events[0];
};

const refusal = (source: typeof ops, body: unknown, reading: Reading = {}): SignalboxError => {
  try {
    accept(source, Buffer.isBuffer(body) ? body : bytes(body), undefined, reading);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
    throw error;
  }
  throw new Error('the body was taken');
};

const pointers = (error: SignalboxError): string[] => error.pointers.map(({ pointer }) => pointer).sort();

describe('flat payloads', () => {
  it.each([
    ['social-sentiment', 'negative_sentiment_detected.json', 'negative_sentiment_detected'],
    ['logistics-anomaly', 'shipping_delay.json', 'shipping_delay'],
    ['ops-alert', 'service_down.json', 'service_down'],
  ])('%s: %s becomes an event', (name, file, eventType) => {
    const rawBody = fixture(file);
    const { contract, envelope } = accept(sourceNamed(name), rawBody);
    const eventId = `${name}:${sha256(rawBody)}`;
    expect(contract.type).toBe(eventType);
    expect(envelope).toEqual({
      event_id: eventId,
      event_type: eventType,
      timestamp: sample(file)['timestamp'],
      data: sample(file),
      metadata: { source_service: name, correlation_id: eventId, schema_version: 1 },
    });
  });

  it('gives the same bytes the same id, other bytes another', () => {
    const body = fixture('service_down.json');
    const again = accept(ops, body).envelope.event_id;
    expect(accept(ops, body).envelope.event_id).toBe(again);
    expect(accept(ops, Buffer.concat([body, Buffer.from(' ')])).envelope.event_id).not.toBe(again);
  });

  it('keeps unknown fields, and does not take alert_id or event_id of a payload for the id of the event', () => {
    const payload = { ...sample('service_down.json'), event_id: 'mine', region: { zone: 7 } };
    const { envelope } = accept(ops, bytes(payload));
    expect(envelope.data).toEqual(payload);
    expect(envelope.event_id).toMatch(/^ops-alert:[0-9a-f]{64}$/);
  });

  it('takes the correlation id of the payload, else of the header, else the id of the event', () => {
    const payload = sample('service_down.json');
    const storyOf = (body: unknown, header?: string): string =>
      accept(ops, bytes(body), header).envelope.metadata.correlation_id;
    expect(storyOf({ ...payload, correlation_id: 'mine' }, 'header')).toBe('mine');
    expect(storyOf(payload, 'header')).toBe('header');
    expect(storyOf({ ...payload, correlation_id: null }, 'header')).toBe('header');
    expect(storyOf(payload)).toMatch(/^ops-alert:/);
  });

  it.each([42, '', 'x'.repeat(256), 'a\nb', {}])('refuses the correlation id %j', (correlationId) => {
    const error = refusal(ops, { ...sample('service_down.json'), correlation_id: correlationId });
    expect(error.code).toBe('event_invalid');
    expect(pointers(error)).toEqual(['/correlation_id']);
  });

  it('names every bad field', () => {
    const { alert_id: _, ...rest } = sample('service_down.json');
    const reading: Reading = {};
    const error = refusal(
      ops,
      { ...rest, severity: 'bad', timestamp: '2026-04-05', service_name: 7 },
      reading,
    );
    expect(error.code).toBe('event_invalid');
    expect(pointers(error)).toEqual(['/alert_id', '/service_name', '/severity', '/timestamp']);
    expect(reading.payload).toMatchObject({ severity: 'bad' });
  });

  it('names at most 50 bad fields', () => {
    const payload = {
      ...sample('shipping_delay.json'),
      affected_products: Array.from({ length: 80 }, () => 1),
    };
    expect(refusal(sourceNamed('logistics-anomaly'), payload).pointers).toHaveLength(50);
  });

  it('refuses event types of other sources, unknown ones and none', () => {
    const payload = sample('service_down.json');
    for (const eventType of ['shipping_delay', 'nonsense', '', 'constructor']) {
      const error = refusal(ops, { ...payload, event_type: eventType });
      expect(error.code).toBe('event_type_unknown');
      expect(error.pointers).toEqual([
        { pointer: '/event_type', message: 'must be one of service_down, service_recovered' },
      ]);
    }
    const { event_type: _, ...without } = payload;
    expect(refusal(ops, without)).toMatchObject({ code: 'event_invalid' });
    expect(pointers(refusal(ops, { ...payload, event_type: 1 }))).toEqual(['/event_type']);
  });
});

describe('envelopes', () => {
  it.each(['user.signed_up.json', 'lead.qualified.json'])('%s goes through unchanged', (file) => {
    expect(accept(events, fixture(file)).envelope).toEqual(sample(file));
  });

  it('takes the example of every public event type', () => {
    for (const contract of catalogue.values()) {
      const envelope = {
        ...sample('user.signed_up.json'),
        event_type: contract.type,
        data: contract.example,
      };
      if (contract.kind === 'platform') {
        expect(refusal(events, envelope)).toMatchObject({ code: 'event_type_unknown' });
      } else expect(accept(events, bytes(envelope)).envelope).toEqual(envelope);
    }
  });

  it('derives the id from the body and the correlation id from header or id when they are missing', () => {
    const { event_id: _, ...rest } = sample('user.signed_up.json');
    const body = bytes({ ...rest, metadata: { source_service: 'auth', tenant: 'x' } });
    const eventId = `auth:${sha256(body)}`;
    expect(accept(events, body).envelope).toMatchObject({
      event_id: eventId,
      metadata: { source_service: 'auth', tenant: 'x', correlation_id: eventId },
    });
    expect(accept(events, body, 'from-header').envelope.metadata.correlation_id).toBe('from-header');
  });

  it('keeps a derived id within 255 characters', () => {
    const { event_id: _, ...rest } = sample('user.signed_up.json');
    const metadata = { source_service: 's'.repeat(255) };
    expect(accept(events, bytes({ ...rest, metadata })).envelope.event_id).toHaveLength(255);
  });

  it('names bad fields of the envelope and of its data together', () => {
    const { timestamp: _, ...rest } = sample('user.signed_up.json');
    const error = refusal(events, { ...rest, event_id: '', data: { user_id: '', plan: 1 } });
    expect(error.code).toBe('envelope_malformed');
    expect(pointers(error)).toEqual(
      ['/data/email', '/data/plan', '/data/signup_source', '/data/user_id', '/event_id', '/timestamp'].sort(),
    );
  });

  it.each([
    ['an empty object', {}, '/metadata'],
    ['metadata that is a list', { ...sample('user.signed_up.json'), metadata: [] }, '/metadata'],
    ['no source', { ...sample('user.signed_up.json'), metadata: {} }, '/metadata/source_service'],
    ['an id that is null', { ...sample('user.signed_up.json'), event_id: null }, '/event_id'],
    ['hops below 0', withMetadata({ hops: -1 }), '/metadata/hops'],
    ['a correlation id that is a number', withMetadata({ correlation_id: 5 }), '/metadata/correlation_id'],
  ])('refuses %s', (_, body, pointer) => {
    const error = refusal(events, body);
    expect(error.code).toBe('envelope_malformed');
    expect(pointers(error)).toContain(pointer);
  });

  it('points into data for what breaks the contract', () => {
    const error = refusal(events, { ...sample('user.signed_up.json'), data: { user_id: 'u' } });
    expect(error.code).toBe('event_invalid');
    expect(pointers(error)).toEqual(['/data/email', '/data/plan', '/data/signup_source']);
  });

  it('takes one event, not a list', () => {
    expect(refusal(events, [sample('user.signed_up.json')]).code).toBe('body_not_json');
  });
});

function withMetadata(changes: Record<string, unknown>): Record<string, unknown> {
  const envelope = sample('user.signed_up.json');
  return { ...envelope, metadata: { ...(envelope['metadata'] as Record<string, unknown>), ...changes } };
}
