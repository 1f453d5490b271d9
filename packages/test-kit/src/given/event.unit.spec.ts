import { checkEvent, usageRecorded } from '@signalbox/contracts';
import { event, timer } from './event.js';
import { ExpectationError } from './expectation-error.js';

describe('event', () => {
  it('makes a valid envelope from data alone', () => {
    const { kind, contract, envelope } = event(usageRecorded, usageRecorded.example);
    expect(kind).toBe('event');
    expect(contract).toBe(usageRecorded);
    expect(() => checkEvent(usageRecorded, envelope)).not.toThrow();
    expect(envelope.metadata).toEqual({ source_service: 'test', correlation_id: 'evt-1' });
  });

  it('takes what a test has to say of it', () => {
    const { envelope } = event(usageRecorded, usageRecorded.example, {
      at: new Date('2026-05-01T00:00:00Z'),
      eventId: 'e-9',
      source: 'shop',
      correlationId: 'story',
      causationId: 'e-8',
      hops: 4,
    });
    expect(envelope).toEqual({
      event_id: 'e-9',
      event_type: 'usage.recorded',
      timestamp: '2026-05-01T00:00:00.000Z',
      data: usageRecorded.example,
      metadata: { source_service: 'shop', correlation_id: 'story', causation_id: 'e-8', hops: 4 },
    });
  });

  it('keeps a time as it is written, and a story of its own per event id', () => {
    const { envelope } = event(usageRecorded, usageRecorded.example, {
      at: '2026-05-01T02:00:00+02:00',
      eventId: 'e',
    });
    expect(envelope.timestamp).toBe('2026-05-01T02:00:00+02:00');
    expect(envelope.metadata.correlation_id).toBe('e');
  });

  it.each([-1, 33])('refuses %i hops', (hops) =>
    expect(() => event(usageRecorded, usageRecorded.example, { hops })).toThrow(ExpectationError),
  );
});

describe('timer', () => {
  it('needs no more than a name', () => {
    expect(timer('remind')).toEqual({
      kind: 'timer',
      name: 'remind',
      payload: null,
      dueAt: undefined,
      setBy: 'evt-1',
      correlationId: 'evt-1',
      key: 'key-1',
    });
  });

  it('takes payload, due time, key and origin', () => {
    const fired = timer('remind', {
      payload: { step: 1 },
      dueAt: '2026-05-01T00:00:00Z',
      setBy: 'e-1',
      correlationId: 'story',
      key: 'usr-1',
    });
    expect(fired).toMatchObject({ payload: { step: 1 }, setBy: 'e-1', correlationId: 'story', key: 'usr-1' });
    expect(fired.dueAt?.toISOString()).toBe('2026-05-01T00:00:00.000Z');
  });
});
