import { Worker } from 'node:worker_threads';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { FaultProxy } from '../../test/fault-proxy.js';
import { membersOf, openSockets } from '../../test/group-members.js';
import { makeTopic, uniqueName, until } from '../../test/kafka.js';
import type { RecordingMember } from '../../test/recording-member.js';
import type { KafkaConnectionOptions } from '../connection.js';

const heartbeatApi = 12;
const leaveGroupApi = 13;
/** On a quiet machine it takes 9.5 s at most. Those who would be waited for are silent for 30 s and more. */
const stopMsMax = 25_000;

let bench: ConsumerBench;
let connection: KafkaConnectionOptions;
let topic: string;
let socketsBefore: number;
const burners: Worker[] = [];

const named = (clientId: string, through = connection): KafkaConnectionOptions => ({ ...through, clientId });

/** A moment that no state of the member marks. */
const after = (ms: number): Promise<void> => {
  const untilMs = Date.now() + ms;
  return until(() => Date.now() >= untilMs);
};

/** Stops a member; nothing of it may be in the group the moment that is done. */
async function stopsWithoutTrace(member: RecordingMember, group: string, clientId: string): Promise<number> {
  const startedAtMs = Date.now();
  await member.consumer.stop();
  const tookMs = Date.now() - startedAtMs;
  expect(await membersOf(connection, group)).not.toContain(clientId);
  return tookMs;
}

beforeAll(async () => {
  bench = await ConsumerBench.open();
  connection = bench.connection;
  topic = await makeTopic(connection, uniqueName('stop'), 4);
  // A busy machine spreads the moments at which a stop can come.
  burners.push(new Worker('for (;;);', { eval: true }));
  await until(() => openSockets() === 0, 'a process without sockets');
  socketsBefore = openSockets();
});
afterEach(async () => {
  await bench.stopMembers();
  await until(() => openSockets() === socketsBefore, 'all sockets to be closed');
});
afterAll(async () => {
  await Promise.all(burners.map((burner) => burner.terminate()));
  await bench.close();
});

describe('a consumer that stops', () => {
  it('is gone from its group, whatever it was doing when told to stop', async () => {
    const group = uniqueName('group');
    for (let n = 0; n < 8; n += 1) {
      const member = bench.member({}, named(`life-${n}`));
      await member.start(group, [topic]);
      await after((n * 37) % 500);
      expect(await stopsWithoutTrace(member, group, `life-${n}`)).toBeLessThan(stopMsMax);
    }
    expect(await membersOf(connection, group)).toEqual([]);
  });

  it('is gone in the middle of rebalances, and the other one gets everything', async () => {
    const group = uniqueName('group');
    const stays = bench.member({}, named('stays'));
    await stays.start(group, [topic]);
    for (let n = 0; n < 5; n += 1) {
      const goes = bench.member({}, named(`goes-${n}`));
      await goes.start(group, [topic]);
      await after((n * 173) % 1_000);
      await stopsWithoutTrace(goes, group, `goes-${n}`);
    }
    await until(() => stays.assigned.length === 4 && stays.log.at(-1) === 'assigned', 'all partitions');
    expect(await membersOf(connection, group)).toEqual(['stays']);
  });

  it('does not wait for a join that waits for others', async () => {
    const group = uniqueName('group');
    const proxy = new FaultProxy(connection);
    const frozen = bench.member({ sessionTimeoutMs: 30_000 }, named('frozen', await proxy.connection()));
    await frozen.start(group, [topic]);
    await until(() => frozen.assigned.length === 4, 'the partitions');
    let beats = 0;
    proxy.onAnswer = (apiKey) => (apiKey === heartbeatApi && (beats += 1) > 0 ? 'hold' : 'pass');
    await until(() => beats > 0, 'a heartbeat without an answer');
    const joining = bench.member({ sessionTimeoutMs: 30_000 }, named('joining'));
    await joining.start(group, [topic]);
    await until(async () => (await membersOf(connection, group)).includes('joining'), 'its join');
    expect(await stopsWithoutTrace(joining, group, 'joining')).toBeLessThan(stopMsMax);
    proxy.cutAll();
    proxy.onAnswer = () => 'pass';
    await stopsWithoutTrace(frozen, group, 'frozen');
    await proxy.close();
  });

  it('leaves although its first request to leave gets lost', async () => {
    const group = uniqueName('group');
    const proxy = new FaultProxy(connection);
    const member = bench.member({ sessionTimeoutMs: 30_000 }, named('cut-off', await proxy.connection()));
    await member.start(group, [topic]);
    await until(() => member.assigned.length === 4, 'the partitions');
    proxy.onRequest = (apiKey) => {
      if (apiKey !== leaveGroupApi) return;
      proxy.onRequest = () => undefined;
      proxy.cutAll();
    };
    expect(await stopsWithoutTrace(member, group, 'cut-off')).toBeLessThan(stopMsMax);
    await proxy.close();
  });

  it('ends while nothing answers, before it joined and after, without a socket left', async () => {
    const group = uniqueName('group');
    const proxy = new FaultProxy(connection);
    const through = await proxy.connection();
    const joined = bench.member({}, named('heard', through));
    await joined.start(group, [topic]);
    await until(() => joined.assigned.length === 4, 'the partitions');
    proxy.onAnswer = () => 'hold';
    const before = openSockets();
    const starting = bench.member({}, named('unheard', through));
    await starting.start(group, [topic]);
    await until(() => openSockets() > before, 'a connection without answers');
    const startedAtMs = Date.now();
    await Promise.all([starting.consumer.stop(), joined.consumer.stop()]);
    expect(Date.now() - startedAtMs).toBeLessThan(stopMsMax);
    await proxy.close();
  });
});
