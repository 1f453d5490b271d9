import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import {
  incidentOpened,
  incidentResolved,
  incidentUpdated,
  notificationRequested,
  remediationCompleted,
  remediationRequested,
  serviceDown,
  serviceRecovered,
  type AnyContract,
} from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AppModule } from './app.module.js';

const service = (name: string) => ({ service_name: name });

describe('ops on Kafka and PostgreSQL', () => {
  let installation: Installation;
  let agent: RunningAgent;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['ops'] });
    agent = await launchAgent(AppModule, installation.environment());
  });
  afterAll(async () => {
    await agent.stop();
    await installation.close();
  });

  /** Waits for `count` events of a type whose data holds `service`, by their subject or name. */
  const eventsOf = <C extends AnyContract>(contract: C, name: string, count: number) =>
    eventually(
      async () =>
        (await installation.events(contract)).filter(({ data }) => JSON.stringify(data).includes(name)),
      (events) => events.length >= count,
      `${count} ${contract.type} of ${name}`,
    );

  it('opens an incident, tells people, asks for a restart, and resolves it', async () => {
    const alert = { ...serviceDown.example, ...service('Whole') };
    const cause = await installation.publish(serviceDown, alert);
    const [opened] = await eventsOf(incidentOpened, 'Whole', 1);
    expect(opened).toMatchObject({
      data: {
        incident_id: 'inc-Whole-production-1',
        alert_id: 'ALERT-SVC-001',
        opened_at: '2026-04-05T12:01:00.000Z',
      },
      metadata: {
        source_service: 'ops',
        correlation_id: cause.metadata.correlation_id,
        causation_id: cause.event_id,
      },
    });
    const told = await eventsOf(notificationRequested, 'inc-Whole-', 2);
    expect(told.map(({ data }) => `${data.channel} ${data.action} ${data.dedup_key}`).sort()).toEqual([
      'pagerduty trigger inc-Whole-production-1',
      'slack trigger inc-Whole-production-1',
    ]);
    const [restart] = await eventsOf(remediationRequested, 'Whole', 1);
    expect(restart?.data).toMatchObject({ runbook: 'service-unresponsive', step: 1, action: 'restart' });

    const { incident_id, service_name, environment, runbook, step, action } = restart!.data;
    const done = {
      incident_id,
      service_name,
      environment,
      runbook,
      step,
      action,
      request_id: restart!.event_id,
    };
    await installation.publish(remediationCompleted, { ...done, outcome: 'Restarted.', duration_ms: 12 });
    await eventsOf(incidentUpdated, 'Whole', 1);
    await installation.publish(serviceRecovered, { ...serviceRecovered.example, ...service('Whole') });
    const [resolved] = await eventsOf(incidentResolved, 'Whole', 1);
    expect(resolved?.data).toMatchObject({ duration_seconds: 1_200, alert_ids: ['ALERT-SVC-001'] });
    expect(resolved?.data.log.map(({ entry }) => entry).join('\n')).toMatch(
      /Opened by.*restart.*Restarted\..*Resolved by/s,
    );
    const all = await eventsOf(notificationRequested, 'inc-Whole-', 4);
    expect(all.filter(({ data }) => data.action === 'resolve')).toHaveLength(2);
  });

  it('opens one incident for a storm of alerts, each of them sent twice', async () => {
    const storm = [];
    for (let n = 1; n <= 20; n += 1) {
      const alert = { ...serviceDown.example, ...service('Storm'), alert_id: `A-${n}` };
      storm.push(await installation.publish(serviceDown, alert));
    }
    for (const event of storm)
      await installation.publish(serviceDown, event.data as typeof serviceDown.example, event);
    await eventsOf(incidentUpdated, 'Storm', 19);
    await installation.publish(serviceRecovered, { ...serviceRecovered.example, ...service('Storm') });
    const [resolved] = await eventsOf(incidentResolved, 'Storm', 1);
    expect(resolved?.data.alert_ids).toHaveLength(20);
    expect(await eventsOf(incidentOpened, 'Storm', 1)).toHaveLength(1);
    expect(await eventsOf(incidentUpdated, 'Storm', 19)).toHaveLength(19);
    expect(await eventsOf(remediationRequested, 'Storm', 1)).toHaveLength(1);
  });

  it('gives the same alert id a new incident after the first is resolved', async () => {
    const at = (minute: number) => ({ timestamp: `2026-04-05T12:0${minute}:00Z`, ...service('Again') });
    for (const round of [1, 2]) {
      await installation.publish(serviceDown, { ...serviceDown.example, ...at(round * 2) });
      await eventsOf(incidentOpened, 'Again', round);
      await installation.publish(serviceRecovered, { ...serviceRecovered.example, ...at(round * 2 + 1) });
      await eventsOf(incidentResolved, 'Again', round);
    }
    const ids = (await eventsOf(incidentResolved, 'Again', 2)).map(({ data }) => data.incident_id);
    expect(ids.sort()).toEqual(['inc-Again-production-1', 'inc-Again-production-2']);
  });
});
