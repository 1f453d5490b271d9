import { createRequire } from 'node:module';
import '../index.js';
import { groupMessages } from './group-messages.js';

const load = createRequire(__filename);
const partitioner = ({ message }: { message: number }): number => message % 3;

describe('grouping messages by partition', () => {
  it.each([
    ['each partition in order', [1], [0, 1, 2, 3, 4, 5, 7], { 0: [0, 3], 1: [1, 4, 7], 2: [2, 5] }],
    ['nothing where there is nothing', [1], [], {}],
    ['nothing for a topic without partitions', [], [1, 2], {}],
  ])('gives %s', (_what, partitionMetadata, messages, expected) => {
    expect(groupMessages({ topic: 't', partitionMetadata, messages, partitioner })).toEqual(expected);
  });

  it('tells the partitioner of the topic and its partitions', () => {
    const asked: unknown[] = [];
    const partitionMetadata = [{ partitionId: 0 }];
    groupMessages({ topic: 't', partitionMetadata, messages: [7], partitioner: (args) => asked.push(args) });
    expect(asked).toEqual([{ topic: 't', partitionMetadata, message: 7 }]);
  });

  it('stands in the place of kafkajs’s own before that is loaded', () => {
    expect(load('kafkajs/src/producer/groupMessagesPerPartition')).toBe(groupMessages);
  });
});
