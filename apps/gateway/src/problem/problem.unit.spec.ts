import { errorCodes } from '@signalbox/errors';
import { problem, problemBody, problemHeaders } from './problem.js';

describe('problem', () => {
  it('has the status of its code', () => {
    expect(problem('signature_missing', 'x').status).toBe(401);
    expect(problem('broker_unavailable', 'x').status).toBe(503);
    expect(problem('handler_failed', 'x').status).toBe(500);
  });

  it('takes another status where one code has several', () => {
    expect(problem('request_malformed', 'x', { status: 431 }).status).toBe(431);
  });
});

describe('problemBody', () => {
  it('is a document of RFC 9457 with our code, action and pointers', () => {
    const pointers = [{ pointer: '/severity', message: 'is required' }];
    const refusal = problem('event_invalid', 'service_down does not fulfil its contract.', { pointers });
    expect(JSON.parse(problemBody(refusal, '01980000-0000-7000-8000-000000000001'))).toEqual({
      type: 'urn:signalbox:problem:event_invalid',
      title: 'Unprocessable Entity',
      status: 422,
      code: 'event_invalid',
      detail: 'service_down does not fulfil its contract.',
      action: errorCodes.event_invalid.action,
      pointers,
      instance: 'urn:uuid:01980000-0000-7000-8000-000000000001',
    });
  });

  it('leaves out the instance where there is none', () => {
    expect(JSON.parse(problemBody(problem('not_found', 'x')))).not.toHaveProperty('instance');
  });
});

describe('problemHeaders', () => {
  it('counts bytes, not characters, and says when to come back', () => {
    const refusal = problem('overloaded', 'Zoë', { retryAfterSeconds: 5 });
    expect(problemHeaders(refusal, 'Zoë')).toEqual({
      'content-type': 'application/problem+json',
      'content-length': 4,
      'cache-control': 'no-store',
      'retry-after': 5,
    });
    expect(problemHeaders(problem('not_found', 'x'), 'x')).not.toHaveProperty('retry-after');
  });
});
