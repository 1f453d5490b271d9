import { SignalboxError } from '@signalbox/errors';
import { RecordingProducer } from '../../test/recording-producer.js';
import { publishStored } from './publish-stored.js';
import type { StoredRecord } from './stored-record.js';

/** The partition is the length of the key modulo 3. */
const stored = (id: number, key: string, bytes = 10, topic = 't'): StoredRecord => ({
  id: String(id),
  eventId: `e${id}`,
  topic,
  record: { key: Buffer.from(key), value: Buffer.alloc(bytes, id), headers: {} },
});
const ids = (records: readonly StoredRecord[]): string => records.map(({ id }) => id).join();

let producer: RecordingProducer;
beforeEach(() => (producer = new RecordingProducer()));
const sends = (): string[] =>
  producer.sent.map(
    ({ topic, partition, records }) =>
      `${topic}/${partition}: ${records.map(({ value }) => value?.[0]).join()}`,
  );

it('sends the records of a partition together and in order', async () => {
  const all = [stored(1, 'a'), stored(2, 'bb'), stored(3, 'a'), stored(4, 'a', 10, 'u')];
  const { acknowledged, refused, failures } = await publishStored(producer, all);
  expect(sends()).toEqual(['t/1: 1,3', 't/2: 2', 'u/1: 4']);
  expect([ids(acknowledged), refused, failures]).toEqual(['1,3,2,4', [], []]);
});

it('splits what is too much for one send', async () => {
  const all = [
    stored(1, 'a', 300_000),
    stored(2, 'a', 300_000),
    stored(3, 'a', 200_000),
    stored(4, 'a', 900_000),
  ];
  await publishStored(producer, all);
  expect(sends()).toEqual(['t/1: 1', 't/1: 2,3', 't/1: 4']);
});

it('stops a partition at a send of unknown outcome, and goes on with the others', async () => {
  const away = new SignalboxError('broker_unavailable', 'away');
  producer.refuse = ({ records }) => (records.some(({ value }) => value?.[0] === 2) ? away : undefined);
  const all = [stored(1, 'a', 500_000), stored(2, 'a', 500_000), stored(3, 'a', 500_000), stored(4, 'bb')];
  const { acknowledged, failures } = await publishStored(producer, all);
  expect(sends().sort()).toEqual(['t/1: 1', 't/2: 4']);
  expect([ids(acknowledged).split(',').sort(), failures]).toEqual([['1', '4'], [away]]);
});

it('finds the one record that is refused for good; the others go, in order', async () => {
  const no = new SignalboxError('broker_refused', 'too large');
  producer.refuse = ({ records }) => (records.some(({ value }) => value?.[0] === 2) ? no : undefined);
  const { acknowledged, refused, failures } = await publishStored(
    producer,
    [1, 2, 3].map((id) => stored(id, 'a')),
  );
  expect(sends()).toEqual(['t/1: 1', 't/1: 3']);
  expect([ids(acknowledged), refused.map(({ stored, error }) => [stored.id, error]), failures]).toEqual([
    '1,3',
    [['2', no]],
    [],
  ]);
});

it('leaves a topic whose partitions nobody knows for later, and publishes the rest', async () => {
  const unknown = new SignalboxError('broker_unavailable', 'no such topic');
  producer.partitionFor = (topic) => (topic === 'gone' ? Promise.reject(unknown) : Promise.resolve(0));
  const all = [stored(1, 'a', 10, 'gone'), stored(2, 'b'), stored(3, 'c', 10, 'gone')];
  const { acknowledged, failures } = await publishStored(producer, all);
  expect([ids(acknowledged), failures]).toEqual(['2', [unknown]]);
});

it('has nothing to do for nothing', async () => {
  expect(await publishStored(producer, [])).toEqual({ acknowledged: [], refused: [], failures: [] });
});
