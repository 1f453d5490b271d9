import { ConsumerBench, numbers } from '../../test/consumer-bench.js';
import { FaultProxy } from '../../test/fault-proxy.js';
import { offsetsIn } from '../../test/fetch-request.js';
import { at, makeTopic, uniqueName, until } from '../../test/kafka.js';

const RECORDS = 10;
const FETCH = 1;

let bench: ConsumerBench;
let proxy: FaultProxy;

beforeAll(async () => {
  bench = await ConsumerBench.open();
  proxy = new FaultProxy(bench.connection);
});

afterAll(async () => {
  await bench.close();
  await proxy.close();
});

describe('a batch that was fetched and not delivered', () => {
  it('is fetched again from its start: the position never runs ahead of what was delivered', async () => {
    const topic = await makeTopic(bench.connection, uniqueName('early'), 2);
    for (const partition of [0, 1]) await bench.write(topic, numbers(0, RECORDS), partition);
    const reader = bench.member({}, await proxy.connection());

    const delivered = [0n, 0n];
    const asked: string[] = [];
    const ranAhead: string[] = [];
    proxy.onRequest = (apiKey, frame) => {
      for (const { partition, offset } of apiKey === FETCH ? offsetsIn(frame) : []) {
        asked.push(`${partition} from ${offset}`);
        const next = delivered[partition] as bigint;
        if (offset > next) ranAhead.push(`partition ${partition} was asked from ${offset}, ${next} was next`);
      }
    };
    let other: number | undefined;
    reader.onBatch = (batch) => {
      delivered[batch.partition] = batch.lastOffset + 1n;
      if (other !== undefined) return;
      // Both came in one answer of the broker: the batch of the other is left lying.
      other = 1 - batch.partition;
      reader.consumer.pause([at(topic, other)]);
    };
    await reader.start(uniqueName('group'), [topic]);
    await until(() => other !== undefined, 'the first batch');
    const left = other as unknown as number;
    expect(asked).toContain(`${left} from 0`);
    expect(delivered[left]).toBe(0n);

    reader.consumer.resume([at(topic, left)]);
    await until(() => reader.values().length === 2 * RECORDS, 'every record');
    expect(ranAhead).toEqual([]);
    expect(asked.filter((one) => one === `${left} from 0`)).toHaveLength(2);
    expect(reader.values()).toEqual([...numbers(0, RECORDS), ...numbers(0, RECORDS)]);
  });
});
