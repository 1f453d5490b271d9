import { inheritedEnvironment } from '@signalbox/config';
import { eventually } from '@signalbox/test-kit';
import { pages } from '../support/effects.js';
import { FaultWorld } from '../support/fault-world.js';
import {
  freeze,
  hangUp,
  killAnAgent,
  killBothRelays,
  killGateway,
  killPostgres,
  storm,
  terminateBackends,
} from '../support/faults.js';

const settings = inheritedEnvironment();
const rounds = Number(settings['SIGNALBOX_FAULT_ROUNDS'] ?? 3);
const frozenMs = Number(settings['SIGNALBOX_FROZEN_SECONDS'] ?? 20) * 1_000;

/** `npm run test:faults`: scenarios 5, 6, 7, 8, 11, 13, 14 and 16 of docs/reference/faults.md. */
describe('processes that are killed, frozen and cut off under load', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start();
  }, 300_000);
  afterAll(() => world?.stop(), 120_000);

  it('5: a random agent is killed again and again', async () => {
    await world.holds('Agent', rounds * 2, killAnAgent);
  }, 600_000);

  it('16: both relays of one outbox are killed at once', async () => {
    await world.holds('Relay', rounds, killBothRelays);
  }, 600_000);

  it('11: the gateway is killed while its senders repeat', async () => {
    await world.holds('Gate', rounds, killGateway);
  }, 600_000);

  it('13: members come and go faster than a group can settle', async () => {
    await world.survives('Storm', rounds, storm);
  }, 600_000);

  it('8: backends of PostgreSQL are terminated at random', async () => {
    await world.survives('Backend', rounds * 5, terminateBackends);
  }, 600_000);

  it('7: PostgreSQL is killed again and again', async () => {
    await world.survives('Store', rounds, killPostgres);
  }, 600_000);

  it('6: an agent stands still, loses its partitions and wakes up', async () => {
    await world.survives('Zombie', 1, freeze(frozenMs));
  }, 600_000);

  it('14: a receiver does its work and hangs up before it answers, three times in ten', async () => {
    const { system } = world;
    const before = pages(system).keys.length;
    await world.survives('Cut', 1, async () => {
      await hangUp(world);
      await eventually(
        () => Promise.resolve(pages(system).keys.length),
        (count) => count - before >= 70,
        'seventy pages',
        120_000,
      );
    });
    const done = system.pagerDuty.http.requests.all.filter(({ status }) => status === 0);
    expect(done.length).toBeGreaterThanOrEqual(10);
  }, 600_000);
});
