import { decidingHandlers } from '@signalbox/agent-kit-nest';
import {
  incidentOpened,
  incidentResolved,
  notificationRequested,
  remediationRequested,
} from '@signalbox/contracts';
import { Story } from '@signalbox/test-kit';
import { after, completed, down, failed, noon, up } from '../test/samples.js';
import { OpsHandlers } from './ops.handlers.js';
import { opsState } from './ops.state.js';

const story = (startsAt?: string): Story =>
  new Story({ name: 'ops', handlers: decidingHandlers(new OpsHandlers()) }, startsAt);
const steps = (told: Story): string[] => told.emitted(remediationRequested).map(({ action }) => action);
const heard = (told: Story, who: string): string[] =>
  told
    .emitted(notificationRequested)
    .flatMap(({ audience, channel, action }) => (audience === who ? [`${channel} ${action}`] : []));
const payment = 'PaymentGatewayService/production';

describe('an outage', () => {
  it('that the restart ends', () => {
    const told = story();
    told.publish(down(noon));
    told.publish(completed(after(0.5)));
    told.publish(up(after(1)));
    told.advanceTo(after(600));
    expect(steps(told)).toEqual(['restart']);
    expect(heard(told, 'on-call')).toEqual([
      'slack trigger',
      'pagerduty trigger',
      'slack resolve',
      'pagerduty resolve',
    ]);
    expect(heard(told, 'manager')).toEqual([]);
    expect(told.emitted(incidentResolved)).toMatchObject([
      { duration_seconds: 60, alert_ids: ['ALERT-SVC-001'] },
    ]);
    expect(told.timers()).toEqual([]);
  });

  it('that nothing ends: every step is tried, managers hear of it twice, then it rests', () => {
    const told = story();
    told.publish(down(noon));
    told.publish(completed(after(1)));
    told.advanceTo(after(2.9));
    expect(steps(told)).toEqual(['restart']);
    told.advanceTo(after(3));
    expect(steps(told)).toEqual(['restart', 'scale']);
    told.publish(failed(after(4), { step: 2, action: 'scale' }));
    expect(steps(told)).toEqual(['restart', 'scale', 'hook']);
    told.publish(completed(after(5), { step: 3, action: 'hook' }));
    told.advanceTo(after(7));
    expect(heard(told, 'manager')).toEqual(['slack trigger', 'pagerduty trigger']);
    told.advanceTo(after(600));
    expect(heard(told, 'manager')).toHaveLength(4);
    expect(told.timers()).toEqual([]);
    told.publish(up(after(601)));
    expect(heard(told, 'manager').slice(4)).toEqual(['slack resolve', 'pagerduty resolve']);
    const log =
      told
        .emitted(incidentResolved)[0]
        ?.log.map(({ entry }) => entry)
        .join('\n') ?? '';
    for (const part of [
      'Opened by',
      'step 1 of 3',
      'Still down',
      'failed',
      'exhausted',
      'Escalated to managers (2 of 2)',
      'Resolved by',
    ]) {
      expect(log).toContain(part);
    }
  });

  it('of the same alert a week later is another incident', () => {
    const told = story();
    const week = 7 * 24 * 60;
    for (const at of [0, week]) {
      told.publish(down(after(at)));
      told.publish(down(after(at)));
      told.publish(up(after(at + 20)));
    }
    expect(told.emitted(incidentOpened).map(({ incident_id, alert_id }) => [incident_id, alert_id])).toEqual([
      ['inc-PaymentGatewayService-production-1', 'ALERT-SVC-001'],
      ['inc-PaymentGatewayService-production-2', 'ALERT-SVC-001'],
    ]);
    expect(told.emitted(incidentResolved)).toHaveLength(2);
  });

  it('in another environment or of another service is an incident of its own', () => {
    const told = story();
    told.publish(down(noon));
    told.publish(down(noon, { environment: 'staging' }, { eventId: 'b' }));
    told.publish(down(noon, { service_name: 'OrderService' }, { eventId: 'c' }));
    told.publish(up(after(1), { environment: 'staging' }));
    expect(told.emitted(incidentOpened)).toHaveLength(3);
    expect(told.emitted(incidentResolved).map(({ environment }) => environment)).toEqual(['staging']);
    expect(told.state(opsState, payment)?.incident).toBeDefined();
  });
});

describe('alerts and recoveries out of order', () => {
  const outage = () => [down(after(1)), down(after(2)), up(after(3))];
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];

  it.each(orders)('%i %i %i: no incident is left open', (...order) => {
    const told = story(after(5));
    for (const index of order) told.publish(outage()[index] as never);
    expect(told.state(opsState, payment)).toMatchObject({ recovered_at: after(3) });
    expect(told.state(opsState, payment)?.incident).toBeUndefined();
    expect(told.emitted(incidentOpened).length).toBe(told.emitted(incidentResolved).length);
    expect(told.emitted(incidentOpened).length).toBeLessThanOrEqual(1);
  });

  it.each(orders)('%i %i %i: a second outage stays open when an early recovery comes late', (...order) => {
    const told = story(after(5));
    const flapping = [down(after(1)), up(after(2)), down(after(3))];
    for (const index of order) told.publish(flapping[index] as never);
    expect(told.state(opsState, payment)?.incident).toMatchObject({ last_alert_at: after(3) });
  });
});
