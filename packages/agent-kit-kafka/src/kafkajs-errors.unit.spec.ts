import { KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { kafkaErrorText, kafkaErrorType, rootCause } from './kafkajs-errors.js';

const said = new KafkaJSProtocolError(
  Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE', code: 10, retriable: false }),
);

describe('errors of kafkajs', () => {
  it('are unwrapped to what the broker said', () => {
    const once = new KafkaJSNumberOfRetriesExceeded(said, { retryCount: 1, retryTime: 1 });
    const twice = Object.assign(new KafkaJSNonRetriableError(once), { cause: once });
    expect(rootCause(twice)).toBe(said);
    expect(kafkaErrorType(twice)).toBe('MESSAGE_TOO_LARGE');
    expect(kafkaErrorText(twice)).toBe('MESSAGE_TOO_LARGE: too large');
  });

  it('have the name as type when the broker said nothing', () => {
    expect(kafkaErrorType(new TypeError('x'))).toBe('TypeError');
    expect(kafkaErrorType('a string')).toBe('unknown');
    expect(kafkaErrorText(null)).toBe('unknown: null');
  });

  it('do not trap in a circle', () => {
    const one: { cause?: unknown; name: string } = { name: 'One' };
    const two = { cause: one, name: 'Two' };
    one.cause = two;
    expect(['One', 'Two']).toContain(kafkaErrorType(one));
  });
});
