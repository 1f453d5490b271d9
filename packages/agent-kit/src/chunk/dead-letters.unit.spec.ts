import { SignalboxError } from '@signalbox/errors';
import { agent, signUp } from '../../test/agent.js';
import type { RawRecord } from '../ports/store.js';
import { addDeadLetter, deadLetterOf, messageOf, type Failed } from './dead-letters.js';
import { Effects } from './effects.js';

const now = new Date('2026-04-05T12:00:00.000Z');
const record: RawRecord = {
  topic: 'user.signed_up',
  partition: 1,
  offset: 7n,
  timestampMs: 99,
  key: null,
  value: Buffer.from('{'),
  headers: { own: Buffer.from('x') },
};
const failed: Failed = { record, attempts: 1, firstFailedAt: now, now };

describe('messageOf', () => {
  it.each<[string, unknown, string]>([
    ['our own error by its message', new SignalboxError('internal', 'broken'), 'broken'],
    ['a foreign error with its name', new TypeError('x is undefined'), 'TypeError: x is undefined'],
    ['anything else as text', { toString: () => 'odd' }, 'odd'],
    ['nothing', undefined, 'undefined'],
    ['control characters as spaces', new SignalboxError('internal', 'a\u0000\n\tb'), 'a b'],
    ['at most 1,000 characters', new SignalboxError('internal', 'x'.repeat(5_000)), 'x'.repeat(1_000)],
    [
      'the places at which it breaks its contract',
      new SignalboxError('envelope_malformed', 'bad', {
        pointers: [{ pointer: '/data/email', message: 'no address' }],
      }),
      'bad /data/email: no address;',
    ],
  ])('tells %s', (_what, thrown, wanted) => {
    expect(messageOf(thrown)).toBe(wanted);
  });
});

describe('deadLetterOf', () => {
  it('knows nothing of an event that could not be read', () => {
    expect(deadLetterOf(agent, failed, new SignalboxError('envelope_malformed', 'no JSON'))).toMatchObject({
      handler: null,
      key: null,
      source: null,
      eventId: null,
      eventType: null,
      correlationId: null,
      errorCode: 'envelope_malformed',
      errorMessage: 'no JSON',
      attempts: 1,
      redrives: 0,
      codeVersion: 'test',
      record,
    });
  });

  it('groups failures of one cause, whatever ids and numbers their messages hold', () => {
    const of = (message: string, handler = 'greet') =>
      deadLetterOf(agent, { ...failed, handler }, new Error(message)).fingerprint;
    expect(of('user 17 is gone')).toBe(of('user 18 is gone'));
    expect(of('"ada" is gone')).toBe(of('"bob" is gone'));
    expect(of('user 17 is gone')).not.toBe(of('user 17 is here'));
    expect(of('user 17 is gone')).not.toBe(of('user 17 is gone', 'other'));
    expect(of('x')).toMatch(/^[0-9a-f]{16}$/);
  });

  it('keeps the place in its queue and the number of redrives', () => {
    const letter = deadLetterOf(agent, { ...failed, sequence: 4n, redrives: 2, attempts: 6 }, 'no');
    expect(letter).toMatchObject({ sequence: 4n, redrives: 2, attempts: 6, errorCode: 'handler_failed' });
    expect(deadLetterOf(agent, failed, 'no')).not.toHaveProperty('sequence');
  });
});

describe('addDeadLetter', () => {
  it('adds letter, copy and activity, which name the same failure', () => {
    const effects = new Effects();
    const key = { kind: 'counter', value: 'usr-5678' };
    addDeadLetter(effects, agent, { ...failed, event: signUp, handler: 'greet', key }, new Error('no'));
    expect(effects.deadLetters).toMatchObject([{ eventId: 'evt-1', source: 'auth', handler: 'greet', key }]);
    const [copy] = effects.events;
    expect(copy?.topic).toBe('greeter.dlq');
    expect(copy?.record.value).toBe(record.value);
    expect(copy?.record.key).toEqual(Buffer.from('user.signed_up'));
    expect(copy?.record.headers).toMatchObject({
      own: Buffer.from('x'),
      'sb-agent': 'greeter',
      'sb-handler': 'greet',
      'sb-error-code': 'handler_failed',
      'sb-error-message': 'Error: no',
      'sb-fingerprint': effects.deadLetters[0]?.fingerprint,
      'sb-original-topic': 'user.signed_up',
      'sb-original-partition': '1',
      'sb-original-offset': '7',
      'sb-original-timestamp': '99',
      'sb-first-failed-at': now.toISOString(),
    });
    expect(effects.activity).toEqual([
      {
        event_id: 'evt-1',
        source: 'auth',
        event_type: 'user.signed_up',
        correlation_id: 'story-1',
        handler: 'greet',
        outcome: 'dead_lettered',
        attempt: 1,
        error_code: 'handler_failed',
        note: 'Error: no',
      },
    ]);
  });

  it('names an unreadable record by its place', () => {
    const effects = new Effects();
    addDeadLetter(effects, agent, failed, new SignalboxError('envelope_malformed', 'no JSON'));
    expect(effects.activity).toMatchObject([
      { event_id: 'user.signed_up/1/7', source: 'unknown', event_type: 'user.signed_up' },
    ]);
    expect(effects.activity[0]).not.toHaveProperty('handler');
    expect(effects.events[0]?.record.headers).toMatchObject({ 'sb-handler': '' });
  });
});
