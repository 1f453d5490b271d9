import { FatalError, RetryAfterError } from '@signalbox/errors';
import { judgeResponse } from './judge-response.js';

const judge = (status: number, retryAfter?: string, bodyText = '') =>
  judgeResponse('api.example', { status, retryAfter, bodyText }, 0);

it.each([[200], [202], [204], [299]])('takes %i', (status) => expect(judge(status)).toBeUndefined());

it.each([[408], [425], [429], [500], [502], [503], [504], [599]])('calls %i retryable', (status) => {
  expect(judge(status)).toMatchObject({ code: 'outbound_failed', retryable: true });
});

it.each([[301], [302], [307], [400], [401], [403], [404], [410], [422]])(
  'calls %i refused for good',
  (status) => {
    expect(judge(status)).toBeInstanceOf(FatalError);
    expect(judge(status)).toMatchObject({ code: 'outbound_refused', retryable: false });
  },
);

it.each([[429], [503]])('carries the wait %i asks for', (status) => {
  const error = judge(status, '7');
  expect(error).toBeInstanceOf(RetryAfterError);
  expect(error).toMatchObject({ code: 'outbound_failed', afterMs: 7_000, retryable: true });
});

it('ignores Retry-After where it has no meaning and where it is malformed', () => {
  expect(judge(500, '7')).not.toBeInstanceOf(RetryAfterError);
  expect(judge(429, 'soon')).not.toBeInstanceOf(RetryAfterError);
});

it('quotes the answer in one bounded line', () => {
  const message = judge(400, undefined, `bad\r\nrouting key ${'x'.repeat(1_000)}`)?.message ?? '';
  expect(message).toMatch(/^api\.example answered 400: bad routing key x+$/);
  expect(message.length).toBeLessThan(350);
});
