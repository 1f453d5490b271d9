import { inheritedEnvironment } from '@signalbox/config';
import { eventually } from '@signalbox/test-kit';
import { randomInt } from 'node:crypto';
import { AlertLoad } from '../support/alert-load.js';
import { AppProcess } from '../support/app-process.js';
import { AgentTables } from '../support/drain.js';
import { pages } from '../support/effects.js';
import { law, nothing, say } from '../support/law.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { System } from '../support/system.js';

const settings = inheritedEnvironment();
const rounds = Number(settings['SIGNALBOX_FAULT_ROUNDS'] ?? 3);
const frozenMs = Number(settings['SIGNALBOX_FROZEN_SECONDS'] ?? 20) * 1_000;
const senders = 4;
const apps = ['gateway', 'agent-ops', 'notifier'];
const firstAcceptedMsMax = 15_000;
const drainMsMax = 180_000;

/** `npm run test:faults`: scenarios 5, 6, 7, 8, 11, 13, 14 and 16 of docs/reference/faults.md. */
describe('processes that are killed, frozen and cut off under load', () => {
  let postgres: OwnPostgres;
  let system: System;
  let tables: AgentTables;
  /** A second process of the same agent: two owners, two relays of one outbox. */
  let second: AppProcess;
  const loads: AlertLoad[] = [];

  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    const { databaseUrl } = postgres;
    system = await System.start(apps, { DATABASE_URL: databaseUrl });
    second = await AppProcess.start('agent-ops', system.environment());
    const { connection } = system.installation;
    tables = new AgentTables({ databaseUrl, connection }, ['ops', 'notifier']);
  }, 300_000);
  afterAll(async () => {
    await second?.end('SIGKILL');
    await tables?.close();
    await system?.stop();
    await postgres?.stop();
  }, 120_000);

  const passed = (ms: number): Promise<unknown> => {
    const untilMs = Date.now() + ms;
    return eventually(
      () => Promise.resolve(Date.now()),
      (now) => now >= untilMs,
      'the next fault',
      ms + 30_000,
    );
  };

  /** Sends load while `fault` happens again and again; nothing may be lost or done twice, and all of it without a hand. */
  async function holds(name: string, times: number, fault: () => Promise<void>): Promise<void> {
    const load = new AlertLoad(system, name, senders);
    loads.push(load);
    const healedMs: number[] = [];
    try {
      for (let n = 0; n < times; n += 1) {
        await fault();
        healedMs.push(Date.now());
        await passed(randomInt(1_000, 3_000));
      }
    } finally {
      await load.stop();
    }
    const endMs = Date.now();
    await tables.drained(drainMsMax);
    const [drainedMs, restoredMs] = [Date.now() - endMs, healedMs.map((ms) => load.firstAfterMs(ms))];
    say({ name, times, accepted: load.accepted.length, refusals: [...load.refusals], drainedMs, restoredMs });
    const { brokers } = system.installation.connection;
    expect(await law(system, tables, loads, brokers)).toEqual(nothing);
    expect(Math.max(...restoredMs)).toBeLessThan(firstAcceptedMsMax);
  }

  const restartSecond = async (signal: NodeJS.Signals): Promise<void> => {
    await second.end(signal);
    second = await AppProcess.start('agent-ops', system.environment());
  };

  it('5: a random agent is killed again and again', async () => {
    await holds('Agent', rounds * 2, async () => {
      const victim = ['agent-ops', 'notifier', 'second'][randomInt(3)] as string;
      if (victim === 'second') await restartSecond('SIGKILL');
      else await system.restart(victim, 'SIGKILL');
    });
  }, 600_000);

  it('16: both relays of one outbox are killed at once', async () => {
    await holds('Relay', rounds, async () => {
      await Promise.all([restartSecond('SIGKILL'), system.restart('agent-ops', 'SIGKILL')]);
    });
  }, 600_000);

  it('11: the gateway is killed while its senders repeat', async () => {
    await holds('Gate', rounds, async () => {
      await system.restart('gateway', 'SIGKILL');
    });
  }, 600_000);

  it('13: members come and go faster than a group can settle', async () => {
    await holds('Storm', rounds, async () => {
      const guests = Array.from({ length: 3 }, () => AppProcess.spawn('agent-ops', system.environment()));
      for (const guest of guests) {
        await passed(randomInt(2_000, 5_000));
        await guest.end(randomInt(2) === 0 ? 'SIGTERM' : 'SIGKILL');
      }
    });
  }, 600_000);

  it('8: backends of PostgreSQL are terminated at random', async () => {
    await holds('Backend', rounds * 5, async () => {
      await tables.of('ops').query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name LIKE 'signalbox %' AND pid <> pg_backend_pid() AND random() < 0.5`,
      );
    });
  }, 600_000);

  it('7: PostgreSQL is killed again and again', async () => {
    const pids = [system.app('agent-ops').pid, second.pid, system.app('notifier').pid];
    await holds('Store', rounds, () => postgres.killAndStart());
    expect([system.app('agent-ops').pid, second.pid, system.app('notifier').pid]).toEqual(pids);
    expect([system.app('agent-ops'), second, system.app('notifier')].every(({ running }) => running)).toBe(
      true,
    );
  }, 600_000);

  it('6: an agent stands still, loses its partitions and wakes up', async () => {
    await holds('Zombie', 1, async () => {
      process.kill(second.pid, 'SIGSTOP');
      await passed(frozenMs);
      process.kill(second.pid, 'SIGCONT');
      await second.ready();
    });
    expect(second.running).toBe(true);
  }, 600_000);

  it('14: a receiver does its work and hangs up before it answers, three times in ten', async () => {
    const before = pages(system).keys.length;
    for (let n = 0; n < 10; n += 1) {
      system.pagerDuty.http.cutNext(3);
      const body = JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: 'as sent' });
      system.pagerDuty.http.answerNext({ status: 202, body }, 7);
    }
    await holds('Cut', 1, () =>
      eventually(
        () => Promise.resolve(pages(system).keys.length),
        (count) => count - before >= 70,
        'seventy pages',
        120_000,
      ).then(() => undefined),
    );
    const done = system.pagerDuty.http.requests.all.filter(({ status }) => status === 0);
    expect(done.length).toBeGreaterThanOrEqual(10);
  }, 600_000);
});
