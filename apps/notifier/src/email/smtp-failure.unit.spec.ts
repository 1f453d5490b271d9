import { FatalError } from '@signalbox/errors';
import { smtpFailure } from './smtp-failure.js';

const smtpError = (fields: object): Error => Object.assign(new Error('550 no such user'), fields);

it.each([
  [{ responseCode: 550, command: 'RCPT TO' }],
  [{ responseCode: 552, command: 'DATA' }],
  [{ responseCode: 553, command: 'MAIL FROM' }],
  [{ code: 'EENVELOPE' }],
  [{ code: 'EMESSAGE' }],
])('gives up a mail the server refuses for good: %j', (fields) => {
  const error = smtpFailure(smtpError(fields), false);
  expect(error).toBeInstanceOf(FatalError);
  expect(error).toMatchObject({ code: 'outbound_refused', retryable: false });
  expect(error.message).toContain('550 no such user');
});

it.each([
  [{ responseCode: 451, command: 'DATA' }, true],
  [{ responseCode: 421, command: 'RCPT TO' }, false],
  [{ responseCode: 535, command: 'AUTH PLAIN', code: 'EAUTH' }, false],
  [{ responseCode: 554, command: 'CONN' }, false],
  [{ code: 'ECONNREFUSED' }, false],
  [{ code: 'ETIMEDOUT', command: 'CONN' }, false],
])('tries again: %j, content sent: %s', (fields, contentSent) => {
  expect(smtpFailure(smtpError(fields), contentSent)).toMatchObject({
    code: 'outbound_failed',
    retryable: true,
  });
});

it('leaves the outcome unknown when the server went away with the mail', () => {
  expect(smtpFailure(smtpError({ code: 'ECONNECTION' }), true)).toMatchObject({ code: 'outcome_unknown' });
});
