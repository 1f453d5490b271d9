import { killLeaders } from './support/leader-kills.js';
import { ThreeBrokers } from './support/three-brokers.js';

/** The short form of `npm run test:brokers`. */
describe('a cluster of three brokers that loses one under load', () => {
  let world: ThreeBrokers;
  beforeAll(async () => {
    world = await ThreeBrokers.start();
  }, 300_000);
  afterAll(() => world?.stop(), 120_000);

  it('loses no alert, pages once for each, and recovers by itself', async () => {
    await world.holds('Less', 1, () => killLeaders(world, 1));
  }, 300_000);
});
