import { SignalboxError } from '@signalbox/errors';
import type { OutgoingRecord, RecordProducer, TopicPartition } from '../ports/records.js';
import { QuietLog } from '../runner/log.js';
import { OutboxPublisher, type RefusedRecord } from './outbox-publisher.js';

type Judge = (values: readonly string[]) => SignalboxError | undefined;

/** A broker in memory behind the producer port; `judge` may refuse a send. */
class MemoryBroker implements RecordProducer {
  readonly log: string[] = [];
  readonly sends: string[] = [];
  inFlight = 0;
  inFlightMax = 0;
  judge: Judge = () => undefined;

  async send(to: TopicPartition, records: readonly OutgoingRecord[]): Promise<void> {
    this.inFlight += 1;
    this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
    await Promise.resolve();
    this.inFlight -= 1;
    const values = records.map(({ value }) => String(value));
    this.sends.push(`${to.topic}/${to.partition}: ${values.join(' ')}`);
    const error = this.judge(values);
    if (error) throw error;
    this.log.push(...values);
  }
  partitionFor = () => Promise.resolve(0);
  partitionCount = () => Promise.resolve(1);
  connect = () => Promise.resolve();
  close = () => Promise.resolve();
}

const row = (id: bigint, partition: number, ...values: string[]) => ({
  id,
  topic: 't',
  partition,
  records: values.map((value) => ({ key: null, value: Buffer.from(value), headers: {} })),
});

function setUp() {
  const broker = new MemoryBroker();
  const refused: RefusedRecord[] = [];
  const warnings: string[] = [];
  const failures = { toKeep: 0 };
  let refusals = 0;
  const say = (_fields: unknown, message: string) => void warnings.push(message);
  const publisher = new OutboxPublisher({
    producer: broker,
    clock: { nowMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    random: { uuid: () => '', fraction: () => 0 },
    log: new QuietLog({ info: say, warn: say, error: say }, () => 0),
    onRefused: (one) => {
      refusals += 1;
      if (refusals <= failures.toKeep) return Promise.reject(new Error('database away'));
      return Promise.resolve(void refused.push(one));
    },
  });
  return { broker, publisher, refused, warnings, failures };
}
const unavailable = new SignalboxError('broker_unavailable', 'away');
const tooLarge = new SignalboxError('broker_refused', 'too large');

describe('OutboxPublisher', () => {
  it('sends what waits for a partition as one batch, in order, one send at a time', async () => {
    const { broker, publisher } = setUp();
    const first = publisher.publish([row(1n, 0, 'a')]);
    const second = publisher.publish([row(2n, 0, 'b', 'c'), row(3n, 0, 'd')]);
    await Promise.all([first, second]);
    expect(broker.sends).toEqual(['t/0: a', 't/0: b c d']);
    expect(broker.inFlightMax).toBe(1);
  });

  it('keeps partitions apart: one send goes to one partition', async () => {
    const { broker, publisher } = setUp();
    await publisher.publish([row(1n, 0, 'a'), row(2n, 1, 'b')]);
    expect(broker.sends.sort()).toEqual(['t/0: a', 't/1: b']);
    expect(broker.inFlightMax).toBe(2);
  });

  it('tries again until the broker has it, without letting a later row pass, and says so once', async () => {
    const { broker, publisher, warnings } = setUp();
    let failures = 3;
    broker.judge = () => (failures-- > 0 ? unavailable : undefined);
    await Promise.all([publisher.publish([row(1n, 0, 'a')]), publisher.publish([row(2n, 0, 'b')])]);
    expect(broker.log).toEqual(['a', 'b']);
    expect(warnings).toHaveLength(1);
  });

  it('sets the one refused record aside and publishes the others in order', async () => {
    const { broker, publisher, refused } = setUp();
    broker.judge = (values) => (values.includes('huge') ? tooLarge : undefined);
    await publisher.publish([row(1n, 0, 'a', 'huge', 'b'), row(2n, 0, 'c')]);
    expect(broker.log).toEqual(['a', 'b', 'c']);
    expect(refused).toMatchObject([{ rowId: 1n, topic: 't', partition: 0, error: tooLarge }]);
    expect(refused.map(({ record }) => String(record.value))).toEqual(['huge']);
  });

  it('keeps a refused record whatever the database does meanwhile, and then goes on behind it', async () => {
    const { broker, publisher, refused, failures } = setUp();
    failures.toKeep = 3;
    broker.judge = (values) => (values.includes('huge') ? tooLarge : undefined);
    await Promise.all([publisher.publish([row(1n, 0, 'huge')]), publisher.publish([row(2n, 0, 'a')])]);
    expect(refused).toHaveLength(1);
    expect(broker.log).toEqual(['a']);
  });

  it('knows which rows are not settled', async () => {
    const { publisher } = setUp();
    const published = publisher.publish([row(1n, 0, 'a'), row(2n, 1, 'b')]);
    expect(publisher.inFlight).toEqual([1n, 2n]);
    await published;
    expect(publisher.inFlight).toEqual([]);
  });

  it('rejects what is not acknowledged when it is stopped', async () => {
    const { broker, publisher } = setUp();
    broker.judge = () => {
      publisher.stop();
      return unavailable;
    };
    const waiting = [publisher.publish([row(1n, 0, 'a')]), publisher.publish([row(2n, 0, 'b')])];
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(broker.log).toEqual([]);
  });

  it('holds back what stands behind a reserved place, in that lane alone', async () => {
    const { broker, publisher } = setUp();
    const reserved = publisher.reserve([row(1n, 0, 'a')]);
    const behind = publisher.publish([row(2n, 0, 'b')]);
    await publisher.publish([row(3n, 1, 'c')]);
    expect(broker.log).toEqual(['c']);
    expect(publisher.inFlight).toEqual([1n, 2n]);
    await Promise.all([reserved.publish(), behind]);
    expect(broker.log).toEqual(['c', 'a', 'b']);
    expect(publisher.inFlight).toEqual([]);
  });

  it('forgets reserved rows that are released, and those left out of a publication', async () => {
    const { broker, publisher } = setUp();
    publisher.reserve([row(1n, 0, 'a')]).release();
    await publisher.reserve([row(2n, 0, 'b'), row(3n, 1, 'c')]).publish(new Set([3n]));
    expect(broker.log).toEqual(['c']);
    expect(publisher.inFlight).toEqual([]);
  });

  it('tells of its end', () => {
    const { publisher } = setUp();
    expect(publisher.signal.aborted).toBe(false);
    publisher.stop();
    expect(publisher.signal.aborted).toBe(true);
  });
});
