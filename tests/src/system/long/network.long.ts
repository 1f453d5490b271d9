import { inheritedEnvironment } from '@signalbox/config';
import { FaultWorld, type Fault } from '../support/fault-world.js';
import { everybody, farAway, partition, stepClock, theSecond } from '../support/faults.js';
import { RotatingSecret } from '../support/rotating-secret.js';

const settings = inheritedEnvironment();
/** Longer than a session with Kafka, than any statement and than a webhook may wait. */
const cutMs = Number(settings['SIGNALBOX_CUT_SECONDS'] ?? 30) * 1_000;
const farMs = Number(settings['SIGNALBOX_FAR_SECONDS'] ?? 30) * 1_000;
const hourMs = 3_600_000;
/** Longer than a session with Kafka, so that a heartbeat that waits for the old time is missed. */
const steppedMs = 40_000;

/** Runs one fault after another. */
const inTurn =
  (...faults: readonly Fault[]): Fault =>
  async (world) => {
    for (const fault of faults) await fault(world);
  };

/** `npm run test:faults`: scenarios 19, 20, 22 and 26 of docs/reference/faults.md. */
describe('a network that parts, clocks that step and secrets that change under load', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start();
  }, 300_000);
  afterAll(() => world?.stop(), 120_000);

  it('19: everybody is parted from Kafka while PostgreSQL can be reached', async () => {
    await world.survives('Nokafka', 1, partition(everybody, 'kafka', cutMs));
  }, 600_000);

  it('19: everybody is parted from PostgreSQL while Kafka can be reached', async () => {
    await world.survives('Nostore', 1, partition(everybody, 'postgres', cutMs));
  }, 600_000);

  it('19: one of two agents is parted from Kafka, then from PostgreSQL, and the other goes on', async () => {
    const either = inTurn(partition(theSecond, 'kafka', cutMs), partition(theSecond, 'postgres', cutMs));
    await world.survives('Halfway', 1, either);
  }, 600_000);

  it('20: answers of Kafka, then of PostgreSQL, are late by 500 ms, give or take 300', async () => {
    await world.survives('Far', 1, inTurn(farAway('kafka', farMs), farAway('postgres', farMs)));
  }, 600_000);

  it('22: the clock of all processes, then of one, goes two hours ahead and an hour back', async () => {
    const steps = [everybody, theSecond].flatMap((side) => [
      stepClock(side, 2 * hourMs, steppedMs),
      stepClock(side, -hourMs, steppedMs),
    ]);
    await world.survives('Clock', 1, inTurn(...steps));
  }, 600_000);

  it('26: the secret of a source changes twice, and no webhook of its sender is refused', async () => {
    const secret = await RotatingSecret.of(world.system);
    try {
      await world.survives('Secret', 2, () => secret.rotate(), { secret: () => secret.current });
      expect(secret.refusals).toEqual([403, 403]);
    } finally {
      await secret.dispose();
    }
  }, 600_000);
});
