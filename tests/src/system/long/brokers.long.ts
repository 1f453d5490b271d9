import { inheritedEnvironment } from '@signalbox/config';
import { killLeaders } from '../support/leader-kills.js';
import { passed } from '../support/passed.js';
import { ThreeBrokers } from '../support/three-brokers.js';

const settings = inheritedEnvironment();
const kills = Number(settings['SIGNALBOX_LEADER_KILLS'] ?? 4);
const frozenMs = Number(settings['SIGNALBOX_FROZEN_SECONDS'] ?? 20) * 1_000;
const senders = 2;
/** Longer than a webhook may wait for Kafka. */
const awayMs = 15_000;

/** `npm run test:brokers`: scenarios 2, 3, 10 and 12 of docs/reference/faults.md. */
describe('a cluster of three brokers under load', () => {
  let world: ThreeBrokers;
  beforeAll(async () => {
    world = await ThreeBrokers.start();
  }, 300_000);
  afterAll(() => world?.stop(), 120_000);

  it('loses the leader of a partition again and again', async () => {
    await world.holds('Kill', senders, () => killLeaders(world, kills));
  }, 900_000);

  it('is restarted broker by broker', async () => {
    await world.holds('Roll', senders, async () => {
      const moments: number[] = [];
      for (const broker of world.cluster.brokers) {
        await broker.end();
        moments.push(Date.now());
        await broker.start();
        await world.inSync();
      }
      return moments;
    });
  }, 600_000);

  it('has a leader that stands still and wakes up', async () => {
    await world.holds('Frozen', senders, async () => {
      const broker = await world.leader(0);
      broker.freeze();
      await world.deposed(broker);
      const deposedMs = Date.now();
      await passed(frozenMs, 'the end of the standstill');
      broker.thaw();
      await world.inSync();
      return [deposedMs];
    });
  }, 600_000);

  it('refuses with 503 and nothing else while two of three are down, and accepts nothing it cannot keep', async () => {
    await world.holds('Two', senders, async (load) => {
      const two = world.cluster.brokers.slice(0, 2);
      await Promise.all(two.map((broker) => broker.kill()));
      const before = load.accepted.length;
      await passed(awayMs, 'the outage');
      // What was answered while they died may have been kept by all three.
      expect(load.accepted.length - before).toBeLessThanOrEqual(senders);
      expect([...load.refusals]).toEqual([503]);
      await Promise.all(two.map((broker) => broker.start()));
      await world.inSync();
      return [Date.now()];
    });
  }, 600_000);
});
