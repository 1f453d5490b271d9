import { outOfRangeIn } from './out-of-range.js';

const entry = (namespace: string, message: string, extra: Record<string, unknown> = {}) => ({
  namespace,
  level: 1,
  label: 'ERROR',
  log: { timestamp: '', message, ...extra },
});

describe('outOfRangeIn', () => {
  const message = 'Offset out of range, resetting to default offset';

  it('finds the partition in the line kafkajs writes', () => {
    expect(outOfRangeIn(entry('ConsumerGroup', message, { topic: 't', partition: 3 }))).toEqual({
      topic: 't',
      partition: 3,
    });
  });

  it.each([
    ['another part of kafkajs', entry('Runner', message, { topic: 't', partition: 3 })],
    [
      'a follower that is behind',
      entry('ConsumerGroup', 'Offset out of range while fetching from follower', {
        topic: 't',
        partition: 3,
      }),
    ],
    ['a line without a partition', entry('ConsumerGroup', message)],
  ])('passes over %s', (_, line) => expect(outOfRangeIn(line)).toBeUndefined());
});
