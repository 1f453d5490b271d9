import { alertRaised, emailRequested, encodeEvent } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent, mail, signUp } from '../../test/agent.js';
import { KitBench, settle, type BenchProcess } from '../../test/kit-bench.js';
import type { OutgoingRecord } from '../ports/records.js';

const { topic } = emailRequested;
const tooLarge = new SignalboxError('broker_refused', 'a record of 2000000 bytes is too large');
const record = (text: string): OutgoingRecord => ({
  key: Buffer.from('k'),
  value: Buffer.from(text),
  headers: {},
});

describe('a record that Kafka refuses for good', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let ids = 0n;
  beforeEach(() => {
    bench = new KitBench(agent);
    one = bench.process('one');
    one.refuse = (to, records) =>
      to.topic === topic && records.some(({ value }) => String(value).includes('huge'))
        ? tooLarge
        : undefined;
  });
  const publish = (...records: OutgoingRecord[]) =>
    bench.inTime(one.ports.publisher.publish([{ id: (ids += 1n), topic, partition: 0, records }]));
  const letters = () => [...bench.database.tables.deadLetters.rows.values()];

  it('is a dead letter of its own and holds up nothing', async () => {
    await publish(record('a'), record('huge'), record('b'));
    expect(bench.broker.recordsOf(topic).map(({ value }) => String(value))).toEqual(['a', 'b']);
    expect(letters()).toMatchObject([
      {
        errorCode: 'broker_refused',
        handler: null,
        attempts: 1,
        record: { topic, partition: 0, offset: -1n },
      },
    ]);
    expect(String(letters()[0]?.record.value)).toBe('huge');
    expect(one.said[0]).toContain('Kafka refused a record for good');
  });

  it('raises an alert, the first of its kind only', async () => {
    await publish(record('huge 1'));
    await publish(record('huge 2'));
    await settle();
    expect(letters()).toHaveLength(2);
    const alerts = bench.events(alertRaised.topic).map(({ data }) => data);
    expect(alerts).toMatchObject([
      {
        agent: 'greeter',
        error_code: 'broker_refused',
        count: 1,
        message: tooLarge.message,
        first_event_id: `${topic}/0/-1`,
      },
    ]);
    expect(one.ports.acknowledged.size).toBe(1);
  });

  it('belongs to the story of the event it carried', async () => {
    const event = { ...signUp, event_type: emailRequested.type, data: { ...mail('huge') } };
    const { value, headers } = encodeEvent(event, { key: 'k' });
    await publish({ key: null, value, headers });
    expect(letters()).toMatchObject([{ eventId: 'evt-1', source: 'auth', correlationId: 'story-1' }]);
    await settle();
    expect(bench.events(alertRaised.topic)[0]?.metadata).toMatchObject({
      correlation_id: 'story-1',
      causation_id: 'evt-1',
    });
  });

  it('ends the chain when the alert itself is refused', async () => {
    one.refuse = () => tooLarge;
    await publish(record('huge'));
    await bench.inTime(settle());
    expect(letters().map(({ record: kept }) => kept.topic)).toEqual([topic, alertRaised.topic]);
    expect(one.ports.publisher.inFlight).toEqual([]);
  });

  it('is kept as soon as the database is back', async () => {
    one.fail('store.begin', 'lost_request', 'lost_request');
    one.fail('tx.commit', 'lost_request');
    await publish(record('huge'), record('b'));
    expect(letters()).toHaveLength(1);
    expect(bench.broker.recordsOf(topic).map(({ value }) => String(value))).toEqual(['b']);
  });

  it('leaves no copy and no activity, which could be refused for ever', async () => {
    await publish(record('huge'));
    await settle();
    expect(bench.broker.recordsOf('greeter.dlq')).toEqual([]);
    expect(bench.broker.recordsOf('agent.activity')).toEqual([]);
  });
});
