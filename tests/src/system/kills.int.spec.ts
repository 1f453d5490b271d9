import { applyTopics } from '@signalbox/agent-kit-kafka';
import {
  catalogueTopics,
  incidentResolved,
  notificationRequested,
  serviceDown,
  userSignedUp,
} from '@signalbox/contracts';
import { eventually } from '@signalbox/test-kit';
import { AgentTables } from './support/drain.js';
import { mails, messages, openingPage, pages } from './support/effects.js';
import { killAgain } from './support/kill-again.js';
import { deleteTopic } from './support/kafka-tools.js';
import { alertFor, opsPath } from './support/seeds.js';
import { alertStream, recoveries, serviceNames, signUps } from './support/streams.js';
import { System } from './support/system.js';

/** They end themselves after 10 s; what a busy machine adds to that is not theirs. */
const endMsMax = 20_000;

describe('processes that end', () => {
  let system: System;
  let tables: AgentTables;

  beforeAll(async () => {
    system = await System.start(['gateway', 'agent-ops', 'agent-welcome', 'notifier']);
    tables = new AgentTables(system.installation, ['ops', 'welcome', 'notifier']);
  }, 150_000);
  afterAll(async () => {
    await tables?.close();
    await system?.stop();
  });

  const { topic } = notificationRequested;
  /** While its topic is away the broker takes no request. */
  const takeTopicAway = (): Promise<void> => {
    const { brokers, namespace } = system.installation.connection;
    return deleteTopic(brokers, `${namespace}.${topic}`);
  };
  const makeTopic = (): Promise<unknown> =>
    applyTopics(
      system.installation.connection,
      catalogueTopics().filter((spec) => spec.topic === topic),
      { partitions: 2, replication: 1 },
    );
  const outboxRows = () =>
    eventually(
      async () => (await tables.of('ops').query('SELECT id FROM sb_outbox WHERE topic = $1', [topic])).rows,
      (rows) => rows.length > 0,
      'a committed row that is not published',
    );
  const requestsOf = async (service: string): Promise<number> =>
    (await system.installation.records(notificationRequested.topic)).filter(({ value }) =>
      String(value).includes(`inc-${service}-`),
    ).length;
  const expectOnce = async (service: string): Promise<void> => {
    await eventually(
      () => Promise.resolve(pages(system).keys),
      (keys) => keys.includes(openingPage(service)),
      `the page of ${service}`,
      60_000,
    );
    await tables.drained();
    expect([pages(system).repeats, messages(system).repeats]).toEqual([0, 0]);
  };

  it('killed after its commit and before it could publish: published by the next process', async () => {
    await takeTopicAway();
    await system.deliver(opsPath, alertFor('Unpublished', 'U-1'));
    await outboxRows();
    await system.app('agent-ops').end('SIGKILL');
    await makeTopic();
    expect(await requestsOf('Unpublished')).toBe(0);
    await system.launch('agent-ops');
    await expectOnce('Unpublished');
    expect(await requestsOf('Unpublished')).toBe(2);
  }, 120_000);

  it('killed after it published and before it could note that: published twice, done once', async () => {
    await takeTopicAway();
    await system.deliver(opsPath, alertFor('Unnoted', 'N-1'));
    await outboxRows();
    const client = await tables.of('ops').connect();
    await client.query('BEGIN');
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query('SELECT id FROM sb_outbox FOR UPDATE');
    await makeTopic();
    const published = eventually(
      () => requestsOf('Unnoted'),
      (count) => count === 2,
      'both requests on the topic',
    );
    await published.finally(() => system.app('agent-ops').end('SIGKILL'));
    // PostgreSQL does not hear of the death while a statement waits: it would still note what was published.
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    await client.query('ROLLBACK');
    client.release();
    await system.launch('agent-ops');
    await expectOnce('Unnoted');
    expect(await requestsOf('Unnoted')).toBe(4);
  }, 120_000);

  it('killed again and again under load: each effect once, in the order of each key', async () => {
    const services = serviceNames(30, 'Load');
    const users = serviceNames(30, 'user');
    const stop = new AbortController();
    const killers = ['agent-ops', 'agent-welcome'].map((name) => killAgain(system, name, 3, stop.signal));
    await Promise.all([alertStream(system, services, 8), signUps(system, users)]);
    await Promise.all(killers);
    await tables.drained(90_000);
    await recoveries(system, services);
    const resolved = (
      await eventually(
        () => system.installation.events(incidentResolved),
        (events) => events.length >= services.length,
        'the end of every incident',
        60_000,
      )
    ).map(({ data }) => ({ service: data.service_name, alerts: data.alert_ids }));
    await tables.drained();

    const alertsOf = (service: string): string[] => serviceNames(8, `${service}-`);
    expect(resolved).toHaveLength(services.length);
    for (const service of services) {
      expect(resolved).toContainEqual({ service, alerts: alertsOf(service) });
      expect(pages(system).keys.filter((key) => key.startsWith(`inc-${service}-production-1 `))).toEqual([
        `inc-${service}-production-1 resolve`,
        openingPage(service),
      ]);
    }
    const welcomed = system.mail.mails.all.flatMap(({ to }) => to).sort();
    expect(welcomed).toEqual(users.map((user) => `${user}@example.com`).sort());
    expect([pages(system).repeats, messages(system).repeats, mails(system).repeats]).toEqual([0, 0, 0]);
    expect(await tables.deadLetters('ops')).toEqual([]);
  }, 240_000);

  it('told to end under load: all end with code 0 and in time, and nothing is lost', async () => {
    const services = serviceNames(40, 'Stopped');
    const sending = alertStream(system, services, 3, 4);
    const names = ['agent-ops', 'agent-welcome', 'notifier', 'gateway'];
    await eventually(
      () => system.installation.records(serviceDown.topic),
      (records) => records.some(({ value }) => String(value).includes('Stopped4-1')),
      'a stream that flows',
    );
    const ends = await Promise.all(names.map((name) => system.app(name).end('SIGTERM')));
    expect(ends.map(({ code, signal }) => ({ code, signal }))).toEqual(
      names.map(() => ({ code: 0, signal: null })),
    );
    expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(endMsMax);
    await Promise.all(names.map((name) => system.launch(name)));
    await sending;
    await eventually(
      () => Promise.resolve(pages(system).keys),
      (keys) => services.every((service) => keys.includes(openingPage(service))),
      'the page of every service',
      60_000,
    );
    await tables.drained();
    expect([pages(system).repeats, messages(system).repeats, mails(system).repeats]).toEqual([0, 0, 0]);
    expect(await system.installation.events(userSignedUp)).toHaveLength(30);
  }, 150_000);
});
