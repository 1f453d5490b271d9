import { KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { afterCrash } from './crash-policy.js';

const protocol = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 0, retriable: false }));
const middle = () => 0.5;

describe('afterCrash', () => {
  it.each(['GROUP_AUTHORIZATION_FAILED', 'INCONSISTENT_GROUP_PROTOCOL', 'SASL_AUTHENTICATION_FAILED'])(
    'ends on %s',
    (type) => expect(afterCrash(protocol(type), 1, middle)).toBe('end'),
  );

  it('starts again, later each time, and never later than 10 s', () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map((inRow) =>
      afterCrash(protocol('NETWORK_EXCEPTION'), inRow, middle),
    );
    expect(waits).toEqual([375, 750, 1_500, 3_000, 6_000, 7_500, 7_500].map((afterMs) => ({ afterMs })));
    expect(afterCrash(protocol('NETWORK_EXCEPTION'), 20, () => 1)).toEqual({ afterMs: 10_000 });
    expect(afterCrash(protocol('NETWORK_EXCEPTION'), 1, () => 0)).toEqual({ afterMs: 250 });
  });

  it('starts again after a coordinator that could not be found, where kafkajs would end', () => {
    const error = Object.assign(new Error('not found'), {
      name: 'KafkaJSGroupCoordinatorNotFound',
      retriable: false,
    });
    expect(afterCrash(error, 9, middle)).toEqual({ afterMs: 7_500 });
  });

  it('ends when the program itself fails again and again', () => {
    const wrapped = new KafkaJSNumberOfRetriesExceeded(new TypeError('bug'), { retryCount: 0, retryTime: 0 });
    expect(afterCrash(wrapped, 5, middle)).toEqual({ afterMs: 6_000 });
    expect(afterCrash(wrapped, 6, middle)).toBe('end');
  });
});
