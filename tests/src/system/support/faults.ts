import { passed } from './passed.js';
import type { Fault, FaultWorld } from './fault-world.js';
import type { Side } from './side.js';

const guests = 3;
/** Answers of a store that is far away: 500 ms, give or take 300. */
const farMs = { least: 200, most: 801 };

const killApp =
  (name: string): Fault =>
  async ({ system }) =>
    void (await system.restart(name, 'SIGKILL'));

export const killSecond: Fault = (world) => world.restartSecond('SIGKILL');
export const killGateway = killApp('gateway');
export const killNotifier = killApp('notifier');

export const killAnAgent: Fault = (world) => {
  const victims = [killApp('agent-ops'), killNotifier, killSecond];
  return (victims[world.random.below(victims.length)] as Fault)(world);
};

export const killBothRelays: Fault = async (world) => {
  await Promise.all([world.restartSecond('SIGKILL'), world.system.restart('agent-ops', 'SIGKILL')]);
};

/** Members come and go faster than a group can settle. */
export const storm: Fault = async (world) => {
  for (const guest of Array.from({ length: guests }, () => world.guest())) {
    await passed(world.msBetween(2_000, 5_000));
    await guest.end(world.random.chance(0.5) ? 'SIGTERM' : 'SIGKILL');
  }
};

/** About half of the connections of our processes. */
export const terminateBackends: Fault = async ({ tables }) => {
  await tables.of('ops').query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name LIKE 'signalbox %' AND pid <> pg_backend_pid() AND random() < 0.5`,
  );
};

export const killPostgres: Fault = ({ postgres }) => postgres.killAndStart();

export const killKafka: Fault = ({ kafka }) => kafka.killAndStart();

/** The second agent stands still for `ms`, loses what it owns, and wakes up. */
export const freeze =
  (ms: number): Fault =>
  async ({ second }) => {
    process.kill(second.pid, 'SIGSTOP');
    await passed(ms);
    process.kill(second.pid, 'SIGCONT');
    await second.ready();
  };

type Store = 'kafka' | 'postgres';
type SideOf = (world: FaultWorld) => Side;
export const everybody: SideOf = ({ sides }) => sides.all;
export const theSecond: SideOf = ({ sides }) => sides.second;

/** Nothing gets through between a side and a store, while the way to the other store is open. */
export const partition =
  (of: SideOf, store: Store, ms: number): Fault =>
  async (world) => {
    of(world)[store].silence();
    await passed(ms);
    of(world)[store].heal();
  };

/** Every answer of a store comes 200 to 800 ms late. */
export const farAway =
  (store: Store, ms: number): Fault =>
  async (world) => {
    const links = [world.sides.all[store], world.sides.second[store]];
    for (const link of links) link.slowDown(() => world.msBetween(farMs.least, farMs.most));
    await passed(ms);
    for (const link of links) link.heal();
  };

/** Somebody sets a clock: `stepMs` ahead or behind for a while, then right again. */
export const stepClock =
  (of: SideOf, stepMs: number, ms: number): Fault =>
  async (world) => {
    of(world).stepClock(stepMs);
    await passed(ms);
    of(world).stepClock(0);
  };

/** PagerDuty does what it is asked and hangs up before it answers, three times in ten, for a hundred requests. */
export const hangUp: Fault = ({ system: { pagerDuty } }) => {
  for (let n = 0; n < 10; n += 1) {
    pagerDuty.http.cutNext(3);
    const body = JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: 'as sent' });
    pagerDuty.http.answerNext({ status: 202, body }, 7);
  }
  return Promise.resolve();
};
