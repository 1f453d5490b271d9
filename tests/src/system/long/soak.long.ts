import { inheritedEnvironment } from '@signalbox/config';
import { FaultWorld } from '../support/fault-world.js';
import {
  everybody,
  farAway,
  freeze,
  hangUp,
  killGateway,
  killKafka,
  killNotifier,
  killPostgres,
  killSecond,
  partition,
  stepClock,
  storm,
  terminateBackends,
  theSecond,
} from '../support/faults.js';
import { footprintOf, type Footprint } from '../support/footprint.js';
import { say } from '../support/law.js';
import { passed } from '../support/passed.js';

const minutes = Number(inheritedEnvironment()['SIGNALBOX_SOAK_MINUTES'] ?? 10);
const minuteMs = 60_000;
const faultMs = 20_000;
const hourMs = 3_600_000;
/** So much may the one process grow that nothing kills, over the whole run: caches fill, nothing leaks. */
const growthMbMax = 100;
const descriptorsMore = 20;

/** One is drawn each minute. Every process but the first agent may die: that one shows what a long life costs. */
const faults = {
  'the second agent is killed': killSecond,
  'the gateway is killed': killGateway,
  'the notifier is killed': killNotifier,
  'PostgreSQL is killed': killPostgres,
  'Kafka is killed': killKafka,
  'connections to PostgreSQL are ended': terminateBackends,
  'members come and go': storm,
  'the second agent stands still': freeze(faultMs),
  'PagerDuty hangs up': hangUp,
  'all are parted from Kafka': partition(everybody, 'kafka', faultMs),
  'all are parted from PostgreSQL': partition(everybody, 'postgres', faultMs),
  'the second agent is parted from Kafka': partition(theSecond, 'kafka', faultMs),
  'the second agent is parted from PostgreSQL': partition(theSecond, 'postgres', faultMs),
  'Kafka is far away': farAway('kafka', faultMs),
  'PostgreSQL is far away': farAway('postgres', faultMs),
  'the clocks are two hours ahead': stepClock(everybody, 2 * hourMs, faultMs),
  'the clocks are an hour behind': stepClock(everybody, -hourMs, faultMs),
};
const names = Object.keys(faults) as (keyof typeof faults)[];

/** `npm run test:soak`: scenario 28 of docs/reference/faults.md. */
describe('one random fault a minute', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start();
  }, 300_000);
  afterAll(() => world?.stop(), 120_000);

  /** Every fault comes once before one comes again. */
  function draw(left: (keyof typeof faults)[]): keyof typeof faults {
    if (left.length === 0) left.push(...names);
    return left.splice(world.random.below(left.length), 1)[0] as keyof typeof faults;
  }

  it(
    `28: for ${minutes} minutes`,
    async () => {
      const { pid } = world.system.app('agent-ops');
      const left: (keyof typeof faults)[] = [];
      const footprints: Footprint[] = [];
      const oneAMinute = async (at: FaultWorld): Promise<number> => {
        const untilMs = performance.now() + minuteMs;
        const fault = draw(left);
        await faults[fault](at);
        const healedMs = Date.now();
        await passed(Math.max(0, untilMs - performance.now()), 'the rest of the minute');
        const footprint = footprintOf(pid);
        footprints.push(footprint);
        say({ at: new Date(healedMs).toISOString(), fault, ...footprint });
        return healedMs;
      };
      await world.holds('Soak', Math.ceil(minutes), oneAMinute);
      expect(world.system.app('agent-ops').pid).toBe(pid);
      const [first, last] = [footprints[0] as Footprint, footprints.at(-1) as Footprint];
      expect(last.rssMb - first.rssMb).toBeLessThan(growthMbMax);
      expect(last.descriptors).toBeLessThanOrEqual(first.descriptors + descriptorsMore);
    },
    (minutes + 15) * minuteMs,
  );
});
