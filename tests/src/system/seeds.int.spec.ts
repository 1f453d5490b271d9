import { applyTopics } from '@signalbox/agent-kit-kafka';
import { decodeEvent, incidentOpened, serviceDown, type AnyContract } from '@signalbox/contracts';
import { catalogueTopics, shippingDelay, userSignedUp } from '@signalbox/contracts';
import { HttpReceiver, eventually } from '@signalbox/test-kit';
import { rmSync } from 'node:fs';
import { allowRestart } from './support/allow-list.js';
import { AgentTables } from './support/drain.js';
import { mails, messages, messagesWith, openingPage, pages } from './support/effects.js';
import { consoleProduce, deleteTopic } from './support/kafka-tools.js';
import { alertFor, eventsPath, logisticsPath, opsPath, seed } from './support/seeds.js';
import { System, patient } from './support/system.js';

const agents = ['agent-welcome', 'agent-trial-monitor', 'agent-ops', 'agent-logistics'];
const connectors = ['notifier', 'remediator'];

describe('webhooks through agents to effects', () => {
  let system: System;
  let tables: AgentTables;
  let machine: HttpReceiver;
  let allowListPath: string;

  beforeAll(async () => {
    machine = await HttpReceiver.start(() => ({ status: 200, body: 'restarted' }));
    allowListPath = allowRestart('PaymentGatewayService', `${machine.origin}/restart`);
    system = await System.start(['gateway', ...agents, ...connectors], {
      REMEDIATION_ALLOW_LIST: allowListPath,
      // The sample's sign-up is of the past.
      WELCOME_MAX_AGE_DAYS: '0',
      ...patient,
    });
    const names = [...agents, ...connectors].map((name) => name.replace(/^agent-/, ''));
    tables = new AgentTables(system.installation, names);
  }, 150_000);
  afterAll(async () => {
    await tables?.close();
    await system?.stop();
    await machine?.close();
    rmSync(allowListPath, { force: true });
  });

  const wire = ({ topic }: AnyContract): string => `${system.installation.connection.namespace}.${topic}`;

  it('has each effect once for samples sent three times and published twice', async () => {
    const samples = [
      { path: opsPath, name: 'service_down', contract: serviceDown },
      { path: logisticsPath, name: 'shipping_delay', contract: shippingDelay },
      { path: eventsPath, name: 'user.signed_up', contract: userSignedUp },
    ];
    for (const { path, name, contract } of samples) {
      const answers = [];
      for (let n = 0; n < 3; n += 1) answers.push(await system.post(path, seed(name)));
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      expect(new Set(answers.map(({ event_id: id }) => id)).size).toBe(1);
      const [record] = await system.installation.records(contract.topic);
      expect(decodeEvent(record!)).toMatchObject({ event_id: answers[0]!.event_id });
      const line = { key: String(record!.key), value: String(record!.value) };
      await consoleProduce(system.installation.connection.brokers, wire(contract), [line, line]);
      expect(await system.installation.records(contract.topic)).toHaveLength(5);
    }
    await system.slack.http.requests.waitFor(3, 60_000);
    await tables.drained();

    expect(pages(system)).toEqual({ keys: [openingPage('PaymentGatewayService')], repeats: 0 });
    expect(messages(system)).toMatchObject({ keys: { length: 3 }, repeats: 0 });
    expect(messagesWith(system, 'PaymentGatewayService is down')).toBe(1);
    expect(messagesWith(system, 'SHIP-XYZ-789')).toBe(2);
    const welcomes = system.mail.mails.all.filter(
      ({ subject }) => subject === 'Your Premium trial has started',
    );
    expect(welcomes.map(({ to }) => to)).toEqual([['jane.doe@example.com']]);
    expect(mails(system).repeats).toBe(0);
    expect(machine.requests.all).toHaveLength(1);
    expect(await system.installation.events(incidentOpened)).toHaveLength(1);
  });

  it('goes on after what nobody can read, and after what breaks its contract', async () => {
    const { brokers } = system.installation.connection;
    const envelope = (id: string, data: object): string =>
      JSON.stringify({
        event_id: id,
        event_type: serviceDown.type,
        timestamp: new Date().toISOString(),
        data,
        metadata: { source_service: 'poison', correlation_id: id },
      });
    const key = 'Poisoned';
    await consoleProduce(brokers, wire(serviceDown), [
      { key, value: '{"event_id": "cut in the mid' },
      { key, value: '\u0000\ufffd not json' },
      { key, value: envelope('no-data', { alert_id: 'A-0' }) },
    ]);
    const alert = alertFor(key, 'A-1');
    await consoleProduce(brokers, wire(serviceDown), [{ key, value: envelope('zstd', alert) }], 'zstd');
    await tables.drained();
    expect(pages(system).keys).toContain(openingPage('Poisoned'));
    expect(pages(system).repeats).toBe(0);
    expect(await tables.deadLetters('ops')).toEqual([
      { topic: 'service_down', error_code: 'envelope_malformed' },
      { topic: 'service_down', error_code: 'envelope_malformed' },
      { topic: 'service_down', error_code: 'event_invalid' },
    ]);
  });

  it('loses nothing when a topic is deleted and made anew, and repeats nothing', async () => {
    await system.deliver(opsPath, alertFor('Before', 'B-1'));
    await tables.drained();
    const opened = (): string[] => pages(system).keys.filter((key) => / trigger \S+ is down in/.test(key));
    const before = opened();
    const { connection } = system.installation;
    await deleteTopic(connection.brokers, wire(serviceDown));
    const specs = catalogueTopics().filter(({ topic }) => topic === serviceDown.topic);
    await applyTopics(connection, specs, { partitions: 2, replication: 1 });
    for (let n = 1; n <= 5; n += 1) await system.deliver(opsPath, alertFor(`After${n}`, `C-${n}`));
    const wanted = [1, 2, 3, 4, 5].map((n) => openingPage(`After${n}`));
    await eventually(
      () => Promise.resolve(opened()),
      (keys) => wanted.every((key) => keys.includes(key)),
      'effects of all events in the new topic',
      90_000,
    );
    await tables.drained();
    expect(opened()).toEqual([...before, ...wanted].sort());
    expect([pages(system).repeats, messages(system).repeats]).toEqual([0, 0]);
  }, 150_000);
});
