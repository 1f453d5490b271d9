import { errorCodes } from './codes.js';
import { errorCodeOf, FatalError, RetryAfterError, SignalboxError } from './signalbox-error.js';

describe('SignalboxError', () => {
  it('carries code, message, cause and the action of its code', () => {
    const cause = new Error('connection reset');
    const error = new SignalboxError('broker_unavailable', 'Kafka is away.', { cause });
    expect(error).toMatchObject({
      name: 'SignalboxError',
      code: 'broker_unavailable',
      message: 'Kafka is away.',
      cause,
      pointers: [],
      action: errorCodes.broker_unavailable.action,
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('has no cause of its own when none is given', () => {
    expect(Object.hasOwn(new SignalboxError('internal', 'x'), 'cause')).toBe(false);
  });

  it('prefers an action that says more than the code', () => {
    const error = new SignalboxError('config_invalid', 'PORT is taken.', {
      action: 'Set PORT to a free port.',
    });
    expect(error.action).toBe('Set PORT to a free port.');
  });

  it('keeps the pointers to bad fields', () => {
    const pointers = [{ pointer: '/data/email', message: 'must be an email address' }];
    expect(new SignalboxError('event_invalid', 'x', { pointers }).pointers).toEqual(pointers);
  });

  it('is retryable exactly when its code says later', () => {
    expect(new SignalboxError('broker_unavailable', 'x').retryable).toBe(true);
    expect(new SignalboxError('event_invalid', 'x').retryable).toBe(false);
  });
});

describe('FatalError', () => {
  it('is never retryable, whatever its code', () => {
    expect(new FatalError('x')).toMatchObject({
      code: 'handler_fatal',
      name: 'FatalError',
      retryable: false,
    });
    expect(new FatalError('x', { code: 'outbound_failed' })).toMatchObject({
      code: 'outbound_failed',
      retryable: false,
    });
  });
});

describe('RetryAfterError', () => {
  it('is always retryable and says when', () => {
    expect(new RetryAfterError('x', 1_500)).toMatchObject({
      code: 'handler_failed',
      afterMs: 1_500,
      retryable: true,
    });
    expect(new RetryAfterError('x', 5, { code: 'outbound_refused' })).toMatchObject({
      code: 'outbound_refused',
      retryable: true,
    });
  });

  it('never asks for a time in the past', () => {
    expect(new RetryAfterError('x', -1).afterMs).toBe(0);
  });
});

describe('errorCodeOf', () => {
  it('is the code of our errors and handler_failed for the rest', () => {
    expect(errorCodeOf(new SignalboxError('id_conflict', 'x'))).toBe('id_conflict');
    for (const thrown of [new TypeError('x'), 'text', undefined, null, { code: 'id_conflict' }]) {
      expect(errorCodeOf(thrown)).toBe('handler_failed');
    }
  });
});
