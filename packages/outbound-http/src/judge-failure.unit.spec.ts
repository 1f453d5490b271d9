import { FatalError, SignalboxError } from '@signalbox/errors';
import { causeCode, judgeFailure } from './judge-failure.js';

const withCode = (code: string): Error => Object.assign(new Error('broken'), { code });

describe('judgeFailure', () => {
  it('keeps an error of ours as it is', () => {
    const ours = new FatalError('no', { code: 'outbound_blocked' });
    expect(judgeFailure('h', ours, false, true)).toBe(ours);
  });

  it.each([['ECONNREFUSED'], ['ENOTFOUND'], ['UND_ERR_CONNECT_TIMEOUT']])('tries again after %s', (code) => {
    expect(judgeFailure('h', withCode(code), false, true)).toMatchObject({ code: 'outbound_failed' });
  });

  it('tries again whatever happened before the request was sent', () => {
    expect(judgeFailure('h', withCode('ECONNRESET'), false, false)).toMatchObject({
      code: 'outbound_failed',
    });
  });

  it('asks a person when a call that is not idempotent was sent and not answered', () => {
    const error = judgeFailure('h', withCode('UND_ERR_SOCKET'), false, true);
    expect(error).toMatchObject({ code: 'outcome_unknown', retryable: false });
  });

  it('repeats a call that is idempotent', () => {
    const error = judgeFailure('h', withCode('UND_ERR_SOCKET'), true, true);
    expect(error).toMatchObject({ code: 'outbound_failed', retryable: true });
    expect(error).toBeInstanceOf(SignalboxError);
    expect(error.message).toContain('UND_ERR_SOCKET');
  });
});

it('finds the code of the first error of an aggregate', () => {
  expect(causeCode(new AggregateError([withCode('ECONNREFUSED')]))).toBe('ECONNREFUSED');
  expect(causeCode('text')).toBeUndefined();
});
