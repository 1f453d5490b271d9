import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { outcomeOf } from './outcome.js';

const protocol = (type: string) =>
  new KafkaJSProtocolError(
    Object.assign(new Error('the broker said so'), { type, code: 0, retriable: false }),
  );

describe('outcomeOf', () => {
  it.each(['MESSAGE_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP', 'RECORD_LIST_TOO_LARGE'])(
    'takes %s for the fault of a record',
    (type) => expect(outcomeOf(protocol(type))).toMatchObject({ kind: 'refused', scope: 'record' }),
  );

  it.each(['TOPIC_AUTHORIZATION_FAILED', 'INVALID_TOPIC_EXCEPTION', 'POLICY_VIOLATION'])(
    'takes %s for the fault of the topic',
    (type) => expect(outcomeOf(protocol(type))).toMatchObject({ kind: 'refused', scope: 'topic' }),
  );

  it.each(['NOT_LEADER_FOR_PARTITION', 'NOT_ENOUGH_REPLICAS', 'LEADER_NOT_AVAILABLE'])(
    'knows that nothing is written after %s',
    (type) => expect(outcomeOf(protocol(type))).toMatchObject({ kind: 'unavailable', ambiguous: false }),
  );

  it.each(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'UNKNOWN', 'SOMETHING_NEW'])(
    'does not know what %s left behind',
    (type) => expect(outcomeOf(protocol(type))).toMatchObject({ kind: 'unavailable', ambiguous: true }),
  );

  it('does not know either after a lost connection or an error that is not of Kafka', () => {
    expect(outcomeOf(new KafkaJSConnectionError('reset', {}))).toMatchObject({ ambiguous: true });
    expect(outcomeOf(new TypeError('inside kafkajs'))).toMatchObject({
      kind: 'unavailable',
      ambiguous: true,
    });
    expect(outcomeOf(undefined)).toMatchObject({ kind: 'unavailable', ambiguous: true });
  });

  it('looks through the wrapping of kafkajs and keeps the reason', () => {
    const wrapped = new KafkaJSNumberOfRetriesExceeded(protocol('UNKNOWN_TOPIC_OR_PARTITION'), {
      retryCount: 0,
      retryTime: 1,
    });
    expect(outcomeOf(wrapped)).toEqual({
      kind: 'unknown_topic',
      reason: 'UNKNOWN_TOPIC_OR_PARTITION: the broker said so',
    });
  });
});
